// What Watchkeeper sends to Slack: the root of the generated schema.
import type { KnownBlock, ModalView, HomeView } from "@slack/types";

export interface Payload {
  messageBlock: KnownBlock;
  modal: ModalView;
  home: HomeView;
}
