import { createRoot } from "react-dom/client";
import { Desk } from "./Desk.jsx";
import "./blocks.css";
import "./desk.css";
import "./controls.css";

createRoot(document.getElementById("desk")).render(<Desk />);
