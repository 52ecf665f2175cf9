"""The pages: the only home of Streamlit."""
