// Draws a tree of elements as one component: what takes part in no callback needs no place in Dash's store.
(function () {
  "use strict";
  // What Dash's elements know and the document does not.
  const OURS = new Set(["children", "n_clicks", "n_clicks_timestamp", "disable_n_clicks", "setProps", "refresh", "loading_state"]);
  // What could carry markup or a script: a tree carries neither.
  const LIVE = /^(dangerouslySetInnerHTML|srcDoc|on[A-Z].*)$/;
  // Parts that stand on the page, by id: what sets a new tree.
  const standing = new Map();

  const keyOf = window.gdKey;

  // Only within this server: no other scheme ever gets into an address.
  const isOurs = (href) => typeof href === "string" && /^[/?#](?!\/)/.test(href);

  function follow(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) {
      return;
    }
    event.preventDefault();
    const href = event.currentTarget.getAttribute("href");
    // A filter chosen just now is kept, though the server has not written it into these links yet.
    const keeper = event.currentTarget.closest("[data-keeps]");
    const target = keeper ? window.gdKept(href, keeper.dataset.keeps) : href;
    // As dcc.Link does it, so that dcc.Location hears of it.
    window.history.pushState({}, "", target);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  function drawn(node, key) {
    if (node === null || node === undefined || typeof node === "boolean") {
      return null;
    }
    if (Array.isArray(node)) {
      return node.map(drawn);
    }
    if (typeof node !== "object") {
      return String(node);
    }
    const create = window.React.createElement;
    if (node.namespace === "gd_still") {
      return create(window.gd_still[node.type], Object.assign({ key: key }, node.props));
    }
    const isLink = node.type === "Link" && node.namespace === "dash_core_components";
    if (!isLink && node.namespace !== "dash_html_components") {
      throw new Error(`${node.namespace}.${node.type} cannot stand in a still part`);
    }
    const properties = { key: key };
    for (const [name, value] of Object.entries(node.props)) {
      if (!OURS.has(name) && !LIVE.test(name) && !(name === "href" && !isOurs(value))) {
        properties[name] = name === "id" ? keyOf(value) : value;
      }
    }
    if (isLink) {
      properties.onClick = follow;
    }
    const children = node.props.children;
    const tag = isLink ? "a" : node.type.toLowerCase();
    return Array.isArray(children) ? create(tag, properties, ...children.map(drawn)) : create(tag, properties, ...(children === undefined ? [] : [drawn(children)]));
  }

  function Still(props) {
    const React = window.React;
    // A tree set from outside holds until Dash gives another one.
    const [own, setOwn] = React.useState(null);
    const key = props.id ? keyOf(props.id) : null;
    React.useLayoutEffect(() => {
      if (!key) {
        return undefined;
      }
      const set = (tree) => setOwn({ over: props.tree, tree: tree });
      standing.set(key, set);
      return () => {
        if (standing.get(key) === set) {
          standing.delete(key);
        }
      };
    }, [key, props.tree]);
    const tree = own && own.over === props.tree ? own.tree : props.tree;
    const inside = React.useMemo(() => drawn(tree), [tree]);
    const after = React.useMemo(() => drawn(props.after), [props.after]);
    if (!key && !props.className && !props.tag) {
      return inside;
    }
    const around = { id: key || undefined, className: props.className, tabIndex: props.tabIndex };
    for (const [name, value] of Object.entries(props)) {
      if (name.startsWith("data-") || name.startsWith("aria-")) {
        around[name] = value;
      }
    }
    return React.createElement(props.tag || "div", around, ...[inside].flat(), ...[after].flat());
  }

  window.gd_still.Still = Still;
  window.gdStill = {
    // Give a part that stands on the page another tree; false if there is none.
    set: function (id, tree) {
      const found = standing.get(keyOf(id));
      if (found) {
        found(tree);
      }
      return Boolean(found);
    },
  };
})();
