"""A page with nothing but `streamlit-flow-component` on it, kept as its documentation keeps it.

`?nodes=50` says how many; the moment Python sees a node elsewhere is appended to the file `SEEN` names.
"""

import os
import time

import streamlit as st
from streamlit_flow import streamlit_flow
from streamlit_flow.elements import StreamlitFlowEdge, StreamlitFlowNode
from streamlit_flow.state import StreamlitFlowState

from benchmarks.canvas.sample import sample

st.set_page_config(layout="wide")

if "flow" not in st.session_state:
    flow = sample(int(st.query_params["nodes"]), "sample")
    nodes = [
        StreamlitFlowNode(
            node.id,
            (flow.layout[node.id].x, flow.layout[node.id].y),
            {"content": node.id},
            source_position="right",
            target_position="left",
        )
        for node in flow.nodes
    ]
    edges = [
        StreamlitFlowEdge(f"{edge.source}>{edge.target}", edge.start.node, edge.end.node) for edge in flow.edges
    ]
    st.session_state.flow = StreamlitFlowState(nodes, edges)

st.session_state.flow = streamlit_flow("board", st.session_state.flow, height=720)

places = {node.id: (node.position["x"], node.position["y"]) for node in st.session_state.flow.nodes}
if st.session_state.get("places", places) != places:
    with open(os.environ["SEEN"], "a", encoding="utf-8") as seen:
        seen.write(f"{time.time()}\n")
st.session_state.places = places
