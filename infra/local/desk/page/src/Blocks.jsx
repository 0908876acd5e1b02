import { useContext } from "react";
import { Message as LibraryBlocks } from "slack-blocks-to-jsx";
import { Block, Workspace } from "./surface.js";
import { slackDate } from "./dates.js";

const DRAWN = new Set(
  (
    "actions alert card carousel container context context_actions data_visualization divider " +
    "file header image input markdown plan rich_text section table task_card video"
  ).split(" "),
);

/** The library holds on to the first functions that it gets, so each draws something that looks again. */
const HOOKS = {
  date: (date) => <SlackDate {...date} />,
  user: (mention) => <Mention sign="@" among="users" {...mention} />,
  channel: (mention) => <Mention sign="#" among="channels" {...mention} />,
  usergroup: (mention) => <Mention sign="@" among="groups" {...mention} />,
};

/** Draw blocks: the library what cannot be clicked, our controls the rest. */
export function Blocks({ blocks }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <Block.Provider key={block.block_id ?? index} value={{ ...block, index }}>
          {DRAWN.has(block.type) ? (
            <LibraryBlocks blocks={[block]} hooks={HOOKS} theme="light" withoutWrapper />
          ) : (
            <p className="unknown">The desk cannot draw the block “{block.type}”.</p>
          )}
        </Block.Provider>
      ))}
    </div>
  );
}

function SlackDate({ timestamp, format, link, fallback }) {
  const { now } = useContext(Workspace);
  const text = slackDate(timestamp, format, now);
  return <time title={fallback}>{link ? <a href={link}>{text}</a> : text}</time>;
}

function Mention({ sign, among, id, name }) {
  const known = useContext(Workspace)[among].find((thing) => thing.id === id);
  return (
    <span className="mention">
      {sign}
      {known?.name ?? name}
    </span>
  );
}
