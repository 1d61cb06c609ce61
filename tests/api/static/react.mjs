/** As much of React as hooks see: state, refs and effects of one component, rendered anew at each change of state. */

export function rendered(make, props) {
  const slots = [];
  let at = 0;
  let component = null;
  const effects = [];
  const view = { now: null, with: (next) => render((props = next)), unmount: () => slots.forEach((slot) => slot.cleanup?.()) };
  const React = {
    useState(initial) {
      const slot = (slots[at++] ??= { value: initial });
      slot.set ??= (next) => {
        slot.value = typeof next === "function" ? next(slot.value) : next;
        if (component) render();
      };
      return [slot.value, slot.set];
    },
    useRef: (initial) => (slots[at++] ??= { current: initial }),
    useEffect(effect, deps) {
      const slot = (slots[at++] ??= {});
      if (slot.deps && slot.deps.every((dep, n) => Object.is(dep, deps[n]))) return;
      slot.deps = deps;
      effects.push(() => {
        slot.cleanup?.();
        slot.cleanup = effect();
      });
    },
  };
  function render() {
    at = 0;
    view.now = component(props);
    for (const run of effects.splice(0)) run();
  }
  component = make(React);
  render();
  return view;
}
