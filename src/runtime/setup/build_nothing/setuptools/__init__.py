# A package of this name in site-packages would win over a folder without this file.
