import { useEffect, useRef } from "react";
import { AppTabs } from "./AppTabs.jsx";
import { Blocks } from "./Blocks.jsx";
import { ChannelHeader } from "./ChannelHeader.jsx";
import { whatHappened } from "./deeds.js";
import { useEntered } from "./entered.js";
import { Surface } from "./surface.js";

/** The app's Home tab, as this person sees it. */
export function Home({ snapshot, act, go }) {
  const { app, home } = snapshot;
  const isOpened = useRef(false);
  useEffect(() => {
    if (isOpened.current && home) return;
    isOpened.current = true;
    act({ kind: "open_home" }); // at first, and again when the desk came back without it
  }, [!home]);
  const { stateOf, change } = useEntered();
  const surface = {
    stateOf,
    change,
    act: (block, element, state) =>
      act({ kind: "click_home", ...whatHappened(block, element, state) }),
  };
  return (
    <section className="home" aria-label="Home tab">
      <ChannelHeader title={app.name} openMenu={() => go({ menu: "open" })}>
        <AppTabs app={app} current="home" go={go} />
      </ChannelHeader>
      <div className="home-blocks">
        {home ? (
          <Surface.Provider value={surface}>
            <Blocks blocks={home.blocks} />
          </Surface.Provider>
        ) : (
          <p className="empty">The app has nothing here yet.</p>
        )}
      </div>
    </section>
  );
}
