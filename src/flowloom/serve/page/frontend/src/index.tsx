import { render } from "preact";
import { App } from "./app";
import { facts } from "./facts";
import { dressFrame } from "./frame";
import { session } from "./session";
import "./page.css";

document.documentElement.style.setProperty("--tint", facts.tint);
dressFrame();
render(<App />, document.getElementById("page")!);
void session.start();
