// Shows the capture page in another page: Ipse.capture({token | page, container, onResult}) → {close()}.
// A classic script, so that any page can load it: <script src="https://your.host/capture/embed.js"></script>
(() => {
  "use strict";
  const home = new URL("../capture", document.currentScript.src);

  /**
   * @param options token: of POST /v1/captures (or page: its whole address); container: an element, or nothing for a
   *   dialog of our own; lang: en, th, zh, ja, id; onResult: called once with what the page told, without "type";
   *   onClose: called when the person closed the dialog
   */
  function capture(options) {
    const page = new URL(options.page ?? `${home.href}#${options.token}`, home);
    if (options.lang) page.searchParams.set("lang", options.lang);
    const frame = document.createElement("iframe");
    frame.allow = `camera ${page.origin}; fullscreen ${page.origin}`;
    frame.title = options.title ?? "Ipse";
    frame.src = page.href;
    Object.assign(frame.style, { border: "0", width: "100%", height: "100%", display: "block", colorScheme: "normal" });
    const holder = options.container ?? dialog();
    holder.append(frame);

    function heard(event) {
      if (event.source !== frame.contentWindow || event.origin !== page.origin) return;
      if (event.data?.type !== "ipse.capture") return;
      const { type, ...told } = event.data;
      if (told.closed) close();
      else options.onResult?.(told);
    }

    function close() {
      window.removeEventListener("message", heard);
      frame.remove();
      if (!options.container && holder.isConnected) {
        holder.close();
        holder.remove();
      }
    }

    function dialog() {
      const element = document.createElement("dialog");
      Object.assign(element.style, {
        border: "0", padding: "0", margin: "auto", background: "transparent", borderRadius: "20px", overflow: "hidden",
        width: "min(100vw, 480px)", height: "min(100dvh, 860px)", maxWidth: "100vw", maxHeight: "100dvh",
      });
      element.addEventListener("close", () => {
        if (!frame.isConnected) return;
        close();
        options.onClose?.();
      });
      document.body.append(element);
      element.showModal();
      return element;
    }

    window.addEventListener("message", heard);
    return { close, frame };
  }

  window.Ipse = Object.assign(window.Ipse ?? {}, { capture });
})();
