// The basket of the briefing: it lives in this browser, so that it needs no account and survives a reload.
(function () {
  "use strict";
  const KEY = "gd-basket";
  const MOST = 60;
  const HEADER = "X-Governance-Upload";
  let refocus = null;
  let dragged = null;

  function read() {
    try {
      const found = JSON.parse(window.localStorage.getItem(KEY) || "[]");
      return Array.isArray(found) ? found.filter((each) => each && typeof each.card === "string") : [];
    } catch (error) {
      return [];
    }
  }

  function write(entries) {
    try {
      window.localStorage.setItem(KEY, JSON.stringify(entries.slice(0, MOST)));
    } catch (error) {
      // Kept for this page only, then.
    }
    show(entries);
  }

  // Tell the page, if it is the one shown.
  function show(entries) {
    if (document.getElementById("briefing-entries")) {
      const root = document.documentElement;
      window.gdSet("briefing-basket", {
        data: {
          entries: entries,
          pathname: window.location.pathname,
          search: window.location.search,
          theme: root.getAttribute("data-bs-theme") || "light",
          scale: 1,
        },
      });
    }
  }

  function notice(text) {
    const place = document.getElementById("notices");
    if (!place) {
      return;
    }
    document.querySelectorAll(".gd-toast").forEach((old) => old.remove());
    const toast = document.createElement("div");
    toast.className = "gd-toast";
    toast.setAttribute("role", "status");
    toast.textContent = text;
    document.body.appendChild(toast);
    window.setTimeout(() => toast.remove(), 4000);
  }

  function placeOf(element) {
    const row = element instanceof Element ? element.closest("[data-basket-entry]") : null;
    return row ? Number(row.dataset.basketEntry) : -1;
  }

  function move(from, to, act) {
    const entries = read();
    if (from < 0 || to < 0 || from >= entries.length || to >= entries.length || from === to) {
      return;
    }
    entries.splice(to, 0, entries.splice(from, 1)[0]);
    refocus = { place: to, act: act };
    write(entries);
  }

  function remove(place) {
    const entries = read();
    entries.splice(place, 1);
    refocus = entries.length ? { place: Math.min(place, entries.length - 1), act: "remove" } : null;
    write(entries);
  }

  // The list is drawn anew after each change; the keyboard stays where it was.
  function focusAgain() {
    if (!refocus) {
      return;
    }
    const row = document.querySelector(`[data-basket-entry="${refocus.place}"]`);
    if (row) {
      const wanted = row.querySelector(`[data-basket-act="${refocus.act}"]:not(:disabled)`) || row.querySelector("[data-basket-act]:not(:disabled)");
      refocus = null;
      if (wanted) {
        wanted.focus();
      }
    }
  }

  function download() {
    const content = JSON.stringify({ basket: 1, entries: read() }, null, 2);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
    link.download = "basket.json";
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function choose(accept, taken) {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.hidden = true;
    input.addEventListener("change", () => {
      if (input.files.length) {
        taken(input.files[0]);
      }
      input.remove();
    });
    document.body.appendChild(input);
    input.click();
  }

  function upload(said) {
    choose(".json,application/json", (file) => {
      file.text().then((text) => {
        let entries = null;
        try {
          entries = JSON.parse(text).entries;
        } catch (error) {
          entries = null;
        }
        const isGood = Array.isArray(entries) && entries.length <= MOST && entries.every((each) => each && typeof each.card === "string" && typeof each.href === "string");
        if (!isGood) {
          notice(said);
          return;
        }
        write(entries.map((each) => ({ card: each.card, href: each.href, title: typeof each.title === "string" ? each.title : "" })));
      });
    });
  }

  function uploadTemplate(button) {
    choose(".pptx", (file) => {
      const body = new FormData();
      body.append("template", file, file.name);
      const arrived = (data) => window.gdSet("briefing-upload", { data: Object.assign({ at: Date.now() }, data) });
      button.disabled = true;
      const request = new XMLHttpRequest();
      request.open("POST", "/briefing/template");
      request.setRequestHeader(HEADER, button.dataset.templateUpload || "zh");
      Object.entries(window.gdAccess.headers()).forEach(([name, value]) => request.setRequestHeader(name, value));
      request.responseType = "json";
      request.onloadend = () => {
        button.disabled = false;
        const answer = request.response;
        if (request.status === 200 && answer && answer.token) {
          arrived({ token: answer.token, name: answer.name });
        } else {
          arrived({ message: (answer && answer.message) || button.dataset.failed });
        }
      };
      request.send(body);
    });
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) {
      return;
    }
    const act = event.target.closest("[data-basket-act]");
    if (act) {
      const place = placeOf(act);
      if (act.dataset.basketAct === "remove") {
        remove(place);
      } else {
        move(place, place + (act.dataset.basketAct === "up" ? -1 : 1), act.dataset.basketAct);
      }
      return;
    }
    const button = event.target.closest("[data-basket-do]");
    if (button) {
      const said = button.parentElement.dataset;
      if (button.dataset.basketDo === "download") {
        download();
      } else if (button.dataset.basketDo === "upload") {
        upload(said.basketBad);
      } else if (read().length && window.confirm(said.basketSure)) {
        write([]);
      }
      return;
    }
    const template = event.target.closest("[data-template-upload]");
    if (template) {
      uploadTemplate(template);
    }
  });

  // A title is taken when the field is left or Enter pressed; the control itself swallows the event `change`.
  function rename(target) {
    const input = target instanceof HTMLInputElement && target.closest(".gd-basket-title") ? target : null;
    const place = placeOf(input);
    const entries = place >= 0 ? read() : [];
    if (entries[place] && (entries[place].title || "") !== input.value) {
      entries[place].title = input.value;
      write(entries);
    }
  }
  document.addEventListener("focusout", (event) => rename(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      rename(event.target);
    }
  });

  document.addEventListener("dragstart", (event) => {
    const place = placeOf(event.target);
    if (place >= 0) {
      dragged = place;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", String(place));
    }
  });
  document.addEventListener("dragover", (event) => {
    const row = event.target instanceof Element && event.target.closest("[data-basket-entry]");
    document.querySelectorAll(".gd-basket-over").forEach((each) => each.classList.remove("gd-basket-over"));
    if (dragged !== null && row) {
      event.preventDefault();
      row.classList.add("gd-basket-over");
    }
  });
  document.addEventListener("drop", (event) => {
    const to = placeOf(event.target);
    if (dragged !== null && to >= 0) {
      event.preventDefault();
      move(dragged, to, "up");
    }
    dragged = null;
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    document.querySelectorAll(".gd-basket-over").forEach((each) => each.classList.remove("gd-basket-over"));
  });

  const renderers = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  renderers.GdEdition = function (props) {
    const number = props.data && props.data.number;
    return window.React.createElement("a", { href: `/briefing/edition/${number}.pptx`, download: props.data.file }, props.value);
  };

  window.gdBasket = {
    // The card, and the address it is seen under, go into the basket.
    add: function (card) {
      const entries = read();
      const texts = JSON.parse(document.getElementById("briefing-said").dataset.said);
      const text = texts[document.documentElement.lang === "en" ? "en" : "zh"];
      if (entries.length >= MOST) {
        notice(text.full);
        return;
      }
      entries.push({ card: card, href: window.location.pathname + window.location.search, title: "" });
      write(entries);
      notice(text.added.replace("{count}", String(entries.length)));
    },
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    gdBriefing: {
      // The page has appeared, or its filters have changed.
      arrive: function () {
        show(read());
        return window.dash_clientside.no_update;
      },

      // The entries have been drawn.
      drawn: function () {
        window.requestAnimationFrame(focusAgain);
        return window.dash_clientside.no_update;
      },
    },
  });
})();
