//! Marking a stretch of a chart, by pointer on the plot or by keyboard with two handles.

use domain::Comparison;
use domain::plot::scene::ColumnView;
use domain::selection::{Selection, Side};
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::question::Question;
use super::side_choice::SideChoice;
use crate::charts::brush::BrushAxis;
use crate::charts::path::percent;

/// The marked bins and the bin under the pointer.
#[derive(Clone, Copy)]
pub struct Brush {
    axis: Memo<Option<BrushAxis>>,
    /// First marked bin, and the one after the last.
    marked: RwSignal<Option<(usize, usize)>>,
    hovered: RwSignal<Option<usize>>,
    /// The bin where the pointer went down, while it is down.
    anchor: RwSignal<Option<usize>>,
}

impl Brush {
    /// Marks what the address's selection begins with, if that lies on this chart.
    pub fn new(
        comparison: StoredValue<Comparison>,
        view: RwSignal<ColumnView>,
        selection: Option<&Selection>,
    ) -> Brush {
        let axis = Memo::new(move |_| comparison.with_value(|comparison| BrushAxis::of(comparison, view.get())));
        let first = selection.and_then(|selection| selection.conditions.first());
        let marked = first.and_then(|condition| axis.with_untracked(|axis| axis.as_ref()?.bins_of(condition)));
        let brush =
            Brush { axis, marked: RwSignal::new(marked), hovered: RwSignal::new(None), anchor: RwSignal::new(None) };
        // The same bin numbers mean other rows once the bins are others.
        Effect::watch(move || axis.get(), move |_, _, _| brush.marked.set(None), false);
        brush
    }

    fn bins(&self) -> usize {
        self.axis.with(|axis| axis.as_ref().map_or(0, BrushAxis::bins))
    }

    fn read<T>(&self, read: impl FnOnce(&BrushAxis) -> T) -> Option<T> {
        self.axis.with(|axis| axis.as_ref().map(read))
    }

    fn bin_under(&self, event: &PointerEvent) -> Option<usize> {
        let plot = event.current_target()?.dyn_into::<web_sys::Element>().ok()?.get_bounding_client_rect();
        let position = (f64::from(event.client_x()) - plot.left()) / plot.width().max(1.0);
        self.axis.with_untracked(|axis| axis.as_ref().map(|axis| axis.bin_at(position)))
    }

    fn begin(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        self.anchor.set(self.bin_under(event));
        // Without the capture, letting go outside of the plot would go unnoticed; nothing else depends on it.
        if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        self.follow(event);
    }

    fn follow(self, event: &PointerEvent) {
        let bin = self.bin_under(event);
        self.hovered.set(bin);
        if let (Some(anchor), Some(bin)) = (self.anchor.get_untracked(), bin) {
            self.marked.set(Some((anchor.min(bin), anchor.max(bin) + 1)));
        }
    }

    /// Moves the lower handle; the upper one stays above it.
    fn set_first(self, first: usize) {
        let end = self.marked.get_untracked().map_or(self.bins(), |(_, end)| end);
        self.marked.set(Some((first.min(end.saturating_sub(1)), end)));
    }

    fn set_last(self, last: usize) {
        let first = self.marked.get_untracked().map_or(0, |(first, _)| first);
        self.marked.set(Some((first, (last + 1).max(first + 1).min(self.bins()))));
    }
}

/// The marked stretch, and the surface that follows the pointer.
pub fn brush_overlay(brush: Brush) -> AnyView {
    let span = move || {
        let (first, end) = brush.marked.get()?;
        brush.read(|axis| axis.span(first, end))
    };
    let hovered = move || {
        let bin = brush.hovered.get()?;
        brush.read(|axis| axis.span(bin, bin + 1))
    };
    view! {
        <rect class="hovered" y="0" height="100%"
            x=move || percent(hovered().map_or(0.0, |span| span.0))
            width=move || percent(hovered().map_or(0.0, |span| span.1 - span.0))/>
        <rect class="brush" y="0" height="100%"
            x=move || percent(span().map_or(0.0, |span| span.0))
            width=move || percent(span().map_or(0.0, |span| span.1 - span.0))/>
        <rect class="catch" x="0" y="0" width="100%" height="100%"
            on:pointerdown=move |event| brush.begin(&event)
            on:pointermove=move |event| brush.follow(&event)
            on:pointerup=move |_| brush.anchor.set(None)
            on:pointercancel=move |_| brush.anchor.set(None)
            on:pointerleave=move |_| brush.hovered.set(None)/>
    }
    .into_any()
}

/// The values under the pointer, two handles for the keyboard, and the question.
#[component]
pub fn BrushControls(brush: Brush, question: Question) -> impl IntoView {
    let side = RwSignal::new(Side::Both);
    let readout = move || {
        let bins = brush.hovered.get().map(|bin| (bin, bin + 1)).or_else(|| brush.marked.get());
        bins.and_then(|(first, end)| brush.read(|axis| axis.words(first, end)))
            .unwrap_or_else(|| "To mark rows, drag over the chart or move the two handles.".to_owned())
    };
    let marked_words = move || {
        let (first, end) = brush.marked.get().unwrap_or((0, brush.bins()));
        brush.read(|axis| axis.words(first, end)).unwrap_or_default()
    };
    let ask = move |_| {
        let condition =
            brush.marked.get_untracked().and_then(|(first, end)| brush.read(|axis| axis.condition(first, end)));
        if let Some(condition) = condition.flatten() {
            question.ask(Selection { side: side.get_untracked(), conditions: vec![condition] });
        }
    };
    let first = move || brush.marked.get().map_or(0, |(first, _)| first).to_string();
    let last = move || brush.marked.get().map_or_else(|| brush.bins(), |(_, end)| end).saturating_sub(1).to_string();
    let top = move || brush.bins().saturating_sub(1).to_string();
    let number = |event: leptos::ev::Event| event_target_value(&event).parse::<usize>().ok();
    view! {
        <p class="readout">{readout}</p>
        <fieldset class="brush-controls">
            <legend>"Mark rows"</legend>
            <input type="range" aria-label="Marked from" min="0" max=top step="1" prop:value=first
                aria-valuetext=marked_words
                on:input=move |event| if let Some(first) = number(event) { brush.set_first(first) }/>
            <input type="range" aria-label="Marked up to" min="0" max=top step="1" prop:value=last
                aria-valuetext=marked_words
                on:input=move |event| if let Some(last) = number(event) { brush.set_last(last) }/>
            <SideChoice side/>
            <button type="button" disabled=move || brush.marked.get().is_none() on:click=ask>
                "What is different about these rows?"
            </button>
        </fieldset>
    }
}
