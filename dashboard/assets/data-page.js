// The data page: files go to the server as they are, one upload at a time; the traced figure goes into the address.
(function () {
  "use strict";
  const MEGABYTE = 1024 * 1024;
  let isSending = false;

  function zoneOf(target) {
    return target instanceof Element ? target.closest("[data-drop-zone]") : null;
  }

  function tell(zone, text) {
    const place = zone.querySelector("[data-sending-text]");
    if (place) {
      place.textContent = text;
    }
  }

  function arrived(data) {
    window.gdSet("data-upload", { data: Object.assign({ at: Date.now() }, data) });
  }

  function send(zone, files) {
    if (isSending || files.length === 0) {
      return;
    }
    const said = zone.dataset;
    const total = Array.from(files).reduce((sum, file) => sum + file.size, 0);
    if (said.limit && total > Number(said.limit) * MEGABYTE) {
      arrived({ message: said.tooLarge.replace("{limit}", said.limit) });
      return;
    }
    const body = new FormData();
    Array.from(files).forEach((file) => body.append("files", file, file.name));
    const request = new XMLHttpRequest();
    isSending = true;
    zone.classList.add("gd-drop-busy");
    tell(zone, said.sending.replace("{percent}", "0"));
    request.open("POST", "/data/upload");
    request.setRequestHeader("X-Governance-Upload", said.lang || "zh");
    Object.entries(window.gdAccess.headers()).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) {
        tell(zone, said.sending.replace("{percent}", String(Math.floor((100 * event.loaded) / event.total))));
      }
    };
    request.onloadend = () => {
      isSending = false;
      zone.classList.remove("gd-drop-busy");
      tell(zone, "");
      const answer = request.response;
      if (request.status === 200 && answer && answer.token) {
        arrived({ token: answer.token });
      } else {
        arrived({ message: (answer && answer.message) || said.failed });
      }
    };
    request.send(body);
  }

  document.addEventListener("click", (event) => {
    const zone = zoneOf(event.target);
    if (!zone || !event.target.closest("[data-choose-files]")) {
      return;
    }
    const place = zone.querySelector("[data-file-input]");
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.hidden = true;
    input.addEventListener("change", () => send(zone, input.files));
    place.replaceChildren(input);
    input.click();
  });

  ["dragenter", "dragover"].forEach((name) =>
    document.addEventListener(name, (event) => {
      const zone = zoneOf(event.target);
      if (zone) {
        event.preventDefault();
        zone.classList.add("gd-drop-over");
      }
    })
  );
  document.addEventListener("dragleave", (event) => {
    const zone = zoneOf(event.target);
    if (zone && !zone.contains(event.relatedTarget)) {
      zone.classList.remove("gd-drop-over");
    }
  });
  document.addEventListener("drop", (event) => {
    const zone = zoneOf(event.target);
    if (zone) {
      event.preventDefault();
      zone.classList.remove("gd-drop-over");
      send(zone, event.dataTransfer.files);
    }
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    gdData: {
      trace: function (key) {
        const params = new URLSearchParams(window.location.search);
        if ((params.get("trace") || null) === (key || null)) {
          return;
        }
        if (key) {
          params.set("trace", key);
        } else {
          params.delete("trace");
        }
        const text = params.toString();
        window.history.pushState({}, "", window.location.pathname + (text ? "?" + text : ""));
        window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
      },

      // A link in the panel leads to another page; the panel goes with the page it belonged to.
      leave: function () {
        return false;
      },

      // A link that names a figure leads to its rows, one that names a section to that section.
      arrive: function () {
        const isTracing = new URLSearchParams(window.location.search).has("trace");
        const name = isTracing ? "lineage" : window.location.hash.slice(1);
        if (!name) {
          return "";
        }
        // Called before the page stands; gives up after three seconds.
        let tries = 60;
        const look = () => {
          const target = document.getElementById(name);
          if (target) {
            target.scrollIntoView({ block: "start" });
          } else if (tries-- > 0) {
            window.setTimeout(look, 50);
          }
        };
        look();
        return name;
      },
    },
  });
})();
