import { useState } from "react";
import { Channel } from "./Channel.jsx";
import { Home } from "./Home.jsx";
import { Modal } from "./Modal.jsx";
import { Sidebar } from "./Sidebar.jsx";
import { StatusStrip } from "./StatusStrip.jsx";
import { Thread } from "./Thread.jsx";
import { Toast } from "./Toast.jsx";
import { post, useSnapshot } from "./connection.js";
import { Workspace } from "./surface.js";
import { useAddress } from "./address.js";

/** The whole page: who is looking, at what, and what they do. */
export function Desk() {
  const [address, go] = useAddress();
  const { snapshot, isConnected, refresh } = useSnapshot(address.user, address.channel);
  const [toast, setToast] = useState(null);
  if (!snapshot) {
    return <p className="loading">{isConnected ? "Loading…" : "The desk is not running."}</p>;
  }

  const { me, channel, view, workspace } = snapshot;
  const act = async (action) => {
    const answer = await post({ user: me, ...action });
    if (answer.error) setToast({ text: answer.error });
    await refresh();
    return answer;
  };
  const showHome = () => go({ page: "home", thread: null, menu: null });

  return (
    <Workspace.Provider value={workspace}>
      <div className={`desk ${address.menu ? "has-menu" : ""} ${address.thread ? "has-thread" : ""}`}>
        <StatusStrip snapshot={snapshot} isConnected={isConnected} act={act} />
        <Sidebar snapshot={snapshot} address={address} go={go} showHome={showHome} />
        <main>
          {address.page === "home" ? (
            <Home key={me} snapshot={snapshot} act={act} go={go} />
          ) : (
            <Channel
              key={channel + me}
              snapshot={snapshot}
              act={act}
              go={go}
              address={address}
              showHome={showHome}
            />
          )}
        </main>
        {address.thread && address.page !== "home" && (
          <Thread
            key={address.thread}
            snapshot={snapshot}
            ts={address.thread}
            act={act}
            go={go}
          />
        )}
        {view && <Modal key={me + view.id} view={view} act={act} />}
        <Toast toast={toast} dismiss={() => setToast(null)} />
      </div>
    </Workspace.Provider>
  );
}
