"""What the importer of Flowise says, in the languages of the app."""
