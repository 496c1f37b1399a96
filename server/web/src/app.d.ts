declare global {
  namespace App {
    interface PageState {
      /** Kept so that a phone's back button closes an opened panel first. */
      panel?: string;
    }
  }
}

export {};
