"""Arguments, inputs and outputs shared by the verbs."""
