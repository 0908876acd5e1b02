import { Blocks } from "./Blocks.jsx";
import { plain } from "./emoji.js";

/** A plain_text of Slack. */
export const PlainText = ({ text }) => <>{plain(text)}</>;

/** A text object of either kind. */
export const RichText = ({ text }) =>
  text.type === "plain_text" ? (
    <PlainText text={text.text} />
  ) : (
    <Blocks blocks={[{ type: "section", text }]} />
  );
