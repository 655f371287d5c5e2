"""Forms of conversations: exports of messengers, data of chatbots, films and text files."""
