//! The surface over a chart: what lies under the pointer or the keyboard's cursor is shown there, and a range that is
//! dragged or extended becomes the page's selection. The selection is in the address, so this goes there.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::address::query;
use crate::charts::brush::BrushAxis;
use crate::charts::path::percent;

/// A pointer that moved less than this many pixels was a click or a tap: it shows values and selects nothing.
const CLICK: i32 = 4;

/// Where the pointer went down.
#[derive(Clone, Copy)]
struct Anchor {
    bin: usize,
    x: i32,
}

#[derive(Clone, Copy)]
struct State {
    axis: StoredValue<BrushAxis>,
    /// The bin under the pointer or the keyboard's cursor.
    cursor: RwSignal<Option<usize>>,
    /// The range that is being marked: its first bin, and the one after its last.
    marked: RwSignal<Option<(usize, usize)>>,
    anchor: RwSignal<Option<Anchor>>,
    /// How far down the plot the pointer is, in pixels.
    height: RwSignal<i32>,
    is_asking: RwSignal<bool>,
}

impl State {
    fn new(axis: BrushAxis) -> State {
        State {
            axis: StoredValue::new(axis),
            cursor: RwSignal::new(None),
            marked: RwSignal::new(None),
            anchor: RwSignal::new(None),
            height: RwSignal::new(0),
            is_asking: RwSignal::new(false),
        }
    }

    fn bins(self) -> usize {
        self.axis.with_value(BrushAxis::bins)
    }

    /// What is shown: the range that is being marked, else the bin under the cursor.
    fn shown(self) -> Option<(usize, usize)> {
        self.marked.get().or_else(|| self.cursor.get().map(|bin| (bin, bin + 1)))
    }

    fn begin(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        self.follow(event);
        self.anchor.set(self.cursor.get_untracked().map(|bin| Anchor { bin, x: event.client_x() }));
        // Without the capture, letting go outside of the plot would go unnoticed; nothing else depends on it.
        if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
    }

    fn follow(self, event: &PointerEvent) {
        let Some(target) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
            return;
        };
        let plot = target.get_bounding_client_rect();
        let position = (f64::from(event.client_x()) - plot.left()) / plot.width().max(1.0);
        let bin = self.axis.with_value(|axis| axis.bin_at(position));
        self.cursor.set(Some(bin));
        self.height.set((event.client_y() - plot.top() as i32).clamp(0, plot.height() as i32));
        let Some(anchor) = self.anchor.get_untracked() else { return };
        if self.marked.get_untracked().is_some() || (event.client_x() - anchor.x).abs() >= CLICK {
            self.marked.set(Some((anchor.bin.min(bin), anchor.bin.max(bin) + 1)));
        }
    }

    /// What is not finished is not kept: the browser took the pointer for scrolling, or Escape was pressed.
    fn cancel(self) {
        self.anchor.set(None);
        self.marked.set(None);
    }

    /// Moves the cursor; with `extends` the marked range goes along.
    fn step(self, to: usize, extends: bool) {
        let to = to.min(self.bins().saturating_sub(1));
        let from = self.cursor.get_untracked().unwrap_or(to);
        self.cursor.set(Some(to));
        if !extends {
            return self.cancel();
        }
        let start = self.anchor.get_untracked().unwrap_or(Anchor { bin: from, x: 0 });
        self.anchor.set(Some(start));
        self.marked.set(Some((start.bin.min(to), start.bin.max(to) + 1)));
    }
}

/// `marked` is what is marked already, on whichever columns, as addresses write it; `around` is that before and after the
/// condition that this chart adds; `address` is the page's without it, and `anchor` the place of the chart on it.
#[island]
pub fn Brush(
    axis: BrushAxis,
    marked: String,
    around: [String; 2],
    address: String,
    anchor: String,
    label: String,
) -> impl IntoView {
    let state = State::new(axis);
    let last = state.bins().saturating_sub(1);
    let apply = move || {
        let condition = state.shown().and_then(|(first, end)| state.axis.with_value(|axis| axis.condition(first, end)));
        let [before, after] = &around;
        let Some(narrowed) = condition.map(|condition| format!("{before}{}{after}", condition.to_text())) else {
            return;
        };
        if narrowed == marked {
            return state.cancel();
        }
        state.is_asking.set(true);
        let rows = query(&[("where", &narrowed)]);
        let rows = if address.contains('?') { rows.replacen('?', "&", 1) } else { rows };
        // Fails only for an address that can't be read; ours can.
        let _ = window().location().assign(&format!("{address}{rows}#{anchor}"));
    };
    let on_key = {
        let apply = apply.clone();
        move |event: KeyboardEvent| {
            let at = state.cursor.get_untracked().unwrap_or(0);
            match event.key().as_str() {
                "ArrowLeft" | "ArrowDown" => state.step(at.saturating_sub(1), event.shift_key()),
                "ArrowRight" | "ArrowUp" => state.step(at + 1, event.shift_key()),
                "Home" => state.step(0, event.shift_key()),
                "End" => state.step(last, event.shift_key()),
                "Enter" => apply(),
                "Escape" => state.cancel(),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let on_up = move |event: PointerEvent| {
        state.follow(&event);
        state.anchor.set(None);
        if state.marked.get_untracked().is_some() {
            apply();
        }
    };
    // A finger that is lifted leaves, and what it touched stays to be read.
    let on_leave = move |event: PointerEvent| {
        if event.pointer_type() == "mouse" && state.anchor.get_untracked().is_none() {
            state.cursor.set(None);
        }
    };
    // A page that comes back with the Back button comes back as it was left.
    // In an effect, because there is no window on the server.
    Effect::new(move || {
        let leaving = window_event_listener_untyped("pagehide", move |_| {
            state.cancel();
            state.is_asking.set(false);
        });
        on_cleanup(move || leaving.remove());
    });
    let span = move || {
        let (first, end) = state.shown()?;
        Some(state.axis.with_value(|axis| axis.span(first, end)))
    };
    let sentence = move || {
        let (first, end) = state.shown().unwrap_or((0, 1));
        state.axis.with_value(|axis| axis.sentence(first, end))
    };
    let rect = move || {
        span().map(|(from, to)| {
            let class = if state.marked.get().is_some() { "brush" } else { "hovered" };
            view! { <rect class=class y="0" height="100%" x=percent(from) width=percent(to - from)/> }
        })
    };
    view! {
        <div class="surface" tabindex="0" role="slider" aria-label=label aria-valuemin="0" aria-valuemax=last.to_string()
            aria-valuenow=move || state.cursor.get().unwrap_or(0).to_string() aria-valuetext=sentence
            aria-busy=move || state.is_asking.get().then_some("true")
            on:pointerdown=move |event| state.begin(&event)
            on:pointermove=move |event| state.follow(&event)
            on:pointerup=on_up
            on:pointercancel=move |_| state.cancel()
            on:pointerleave=on_leave
            on:keydown=on_key
            on:focus=move |_| if state.cursor.get_untracked().is_none() { state.cursor.set(Some(0)) }
            on:blur=move |_| { state.cancel(); state.cursor.set(None) }
        >
            <svg class="marks" aria-hidden="true">{rect}</svg>
            {move || state.shown().map(|(first, end)| tip(state, first, end))}
        </div>
    }
}

/// What is known of the rows there, next to the pointer.
fn tip(state: State, first: usize, end: usize) -> impl IntoView {
    let at = state.cursor.get().unwrap_or(first);
    let (words, lines, (from, to)) =
        state.axis.with_value(|axis| (axis.words(first, end), axis.lines(first, end), axis.span(at, at + 1)));
    let at = f64::midpoint(from, to);
    let class = if at > 0.5 { "tip before" } else { "tip" };
    let asking = state.is_asking.get().then(|| view! { <em>"Comparing these rows with the others …"</em> });
    let line = |(tone, words): (&str, String)| view! { <span class=format!("key {tone}")>{words}</span> };
    view! {
        <div class=class style:left=percent(at) style:top=move || format!("{}px", state.height.get())>
            <strong>{words}</strong>
            {lines.into_iter().map(line).collect::<Vec<_>>()}
            {asking}
        </div>
    }
}
