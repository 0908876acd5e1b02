import { useState } from "react";
import { AppTabs } from "./AppTabs.jsx";
import { ChannelHeader } from "./ChannelHeader.jsx";
import { Composer } from "./Composer.jsx";
import { MessageList } from "./MessageList.jsx";

/** A channel, or the conversation with the app: messages, whispers to this person, the composer. */
export function Channel({ snapshot, act, go, address, showHome }) {
  const { app, channel, messages, workspace } = snapshot;
  const [said, setSaid] = useState(0);
  const isWithApp = channel === app.channel;
  const room = workspace.channels.find(({ id }) => id === channel);
  const name = isWithApp ? app.name : `#${room.name}`;
  return (
    <section className="channel" aria-label={name}>
      <ChannelHeader
        title={isWithApp ? app.name : `# ${room.name}`}
        openMenu={() => go({ menu: "open" })}
      >
        {isWithApp && <AppTabs app={app} current="messages" go={go} showHome={showHome} />}
      </ChannelHeader>
      <MessageList
        messages={messages}
        snapshot={snapshot}
        act={act}
        openThread={(ts) => go({ thread: ts })}
        openedThread={address.thread}
        said={said}
      />
      {room?.is_archived ? (
        <p className="empty">This channel is archived.</p>
      ) : (
        <Composer
          snapshot={snapshot}
          act={act}
          placeholder={`Message ${name}`}
          onSaid={() => setSaid(said + 1)}
        />
      )}
    </section>
  );
}
