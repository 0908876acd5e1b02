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

/** Draw blocks: the library what cannot be clicked, our controls the rest. */
export function Blocks({ blocks }) {
  const { users, channels, groups, now } = useContext(Workspace);
  const hooks = {
    date: ({ timestamp, format, link, fallback }) => (
      <time title={fallback}>
        {link ? <a href={link}>{slackDate(timestamp, format, now)}</a> : slackDate(timestamp, format, now)}
      </time>
    ),
    user: ({ id, name }) => <span className="mention">@{nameOf(users, id, name)}</span>,
    channel: ({ id, name }) => <span className="mention">#{nameOf(channels, id, name)}</span>,
    usergroup: ({ id, name }) => <span className="mention">@{nameOf(groups, id, name)}</span>,
  };
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <Block.Provider key={block.block_id ?? index} value={{ ...block, index }}>
          {DRAWN.has(block.type) ? (
            <LibraryBlocks
              blocks={[block]}
              data={{ users, channels, user_groups: groups }}
              hooks={hooks}
              theme="light"
              withoutWrapper
            />
          ) : (
            <p className="unknown">The desk cannot draw the block “{block.type}”.</p>
          )}
        </Block.Provider>
      ))}
    </div>
  );
}

const nameOf = (things, id, fallback) => things.find((thing) => thing.id === id)?.name ?? fallback;
