// Taking a card out. Numbers are files of the server; a picture is drawn here, where the fonts and plotly are, and put
// into the frame the server made for it.
(function () {
  "use strict";
  const FILES = ["xlsx", "csv"];
  const PICTURES = { png: "light", svg: "light", png_screen: null };

  // The address of this view as an export takes it: on the page of one compound its path names the compound.
  function search(more) {
    const params = new URLSearchParams(window.location.search);
    const steps = window.location.pathname.split("/");
    if (steps[1] === "compound" && steps[2]) {
      params.set("compound", decodeURIComponent(steps[2]));
    }
    Object.entries(more).forEach(([name, value]) => params.set(name, value));
    const text = params.toString();
    return text ? "?" + text : "";
  }

  function notice(text, tone) {
    const child = { namespace: "dash_html_components", type: "Div", props: { children: text, className: "alert gd-notice " + tone, role: "alert" } };
    window.gdSet("notices", { children: text ? [child] : [] });
  }

  async function asked(address) {
    const response = await fetch(address, { credentials: "same-origin", cache: "no-store" });
    if (!response.ok) {
      throw new Error((await response.text()) || String(response.status));
    }
    return response;
  }

  function save(blob, name) {
    const address = URL.createObjectURL(blob);
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    // The download has its own hold on the data once it has begun.
    window.setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  // The name the server gave the file.
  function nameOf(response, otherwise) {
    const found = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") || "");
    return found ? decodeURIComponent(found[1]) : otherwise;
  }

  async function takeFile(card, ending) {
    const response = await asked("/export/" + card + "." + ending + search({}));
    save(await response.blob(), nameOf(response, card + "." + ending));
  }

  // The chart in its frame, as the text of one SVG.
  async function drawn(picture) {
    const figure = { data: picture.figure.data, layout: picture.figure.layout, config: { locale: document.documentElement.lang, plotlyServerURL: "" } };
    const size = { format: "svg", width: picture.chartWidth, height: picture.chartHeight, imageDataOnly: true };
    const chart = await window.Plotly.toImage(figure, size);
    return picture.before + decoded(chart) + picture.after;
  }

  // Plotly answers with the text itself, or, in some versions, with it escaped for an address.
  function decoded(chart) {
    const text = chart.startsWith("data:") ? chart.slice(chart.indexOf(",") + 1) : chart;
    return (text.startsWith("<") ? text : decodeURIComponent(text)).replace(/^\s*<\?xml[^>]*\?>\s*/, "");
  }

  function painted(text, width, height) {
    const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml;charset=utf-8" }));
    return new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = width;
        canvas.height = height;
        canvas.getContext("2d").drawImage(image, 0, 0, width, height);
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("canvas"))), "image/png");
      };
      image.onerror = () => reject(new Error("svg"));
      image.src = address;
    }).finally(() => URL.revokeObjectURL(address));
  }

  async function takePicture(card, item) {
    const theme = PICTURES[item] || document.documentElement.getAttribute("data-bs-theme") || "light";
    const response = await asked("/export/" + card + ".picture" + search({ theme: theme }));
    const picture = await response.json();
    const text = await drawn(picture);
    if (item === "svg") {
      save(new Blob([text], { type: "image/svg+xml;charset=utf-8" }), picture.name + ".svg");
    } else {
      save(await painted(text, picture.width, picture.height), picture.name + ".png");
    }
  }

  async function take(card, item) {
    try {
      await (FILES.includes(item) ? takeFile(card, item) : takePicture(card, item));
      notice("", "");
    } catch (error) {
      notice(error.message, "gd-notice-alert");
    }
  }

  window.gdExport = {
    // Whether a menu entry is one of these.
    is: (item) => FILES.includes(item) || Object.hasOwn(PICTURES, item),
    take: take,
  };
})();
