"""All plots of the sample tales: a table about animals and one about people in each language."""

from seq2seq_samples.generation.grammar import Plot, plots
from seq2seq_samples.generation.plots import animals_en, animals_zh, people_en, people_zh

PLOTS: dict[str, list[Plot]] = {
    "en": [plot for table in (animals_en, people_en) for plot in plots("en", table.TABLE)],
    "zh": [plot for table in (animals_zh, people_zh) for plot in plots("zh", table.TABLE)],
}
