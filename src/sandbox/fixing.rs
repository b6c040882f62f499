//! What the server does to the entities that a bot sends: sorts, splits and drops them, and adds its own.
//!
//! A transcription of `fix_entities` and its helpers in td/telegram/MessageEntity.cpp.

use super::entities::{Entity, EntityKind, SPLITTABLE};
#[cfg(doc)]
use super::rules::RuleId;

/// How many entities of the bot's own one message keeps; custom emoji are not counted.
const MAX_USER_ENTITIES: usize = 100;

pub(super) fn remove_empty(entities: &mut Vec<Entity>) {
    entities.retain(|entity| entity.length > 0);
}

/// By offset, longer first, then by which stands outside.
pub(super) fn sort(entities: &mut [Entity]) {
    entities.sort_by_key(|entity| (entity.offset, usize::MAX - entity.length, entity.kind.priority()));
}

/// [`RuleId::EntitiesSplit`]: makes any set of entities one that clients can draw: no two of them cross,
/// styles that overlap are cut into adjoining pieces, what can't be nested is dropped.
pub(super) fn fix(entities: &mut Vec<Entity>) {
    sort(entities);
    if are_valid(entities) {
        return;
    }
    let (splittable, continuous, blockquotes) = by_class(std::mem::take(entities));
    *entities = joined(splittable, without_intersecting(continuous), without_intersecting(blockquotes));
}

/// [`RuleId::EntitiesFound`]: adds what the server found by itself, where nothing of the bot's is in its way.
pub(super) fn add_found(entities: &mut Vec<Entity>, found: Vec<Entity>) {
    if found.is_empty() {
        return;
    }
    let (splittable, continuous, blockquotes) = by_class(std::mem::take(entities));
    let found = outside_of_blockquote_borders(found, &blockquotes);
    let found = found.into_iter().filter(|new| !continuous.iter().any(|old| crosses_or_touches(old, new)));
    let found: Vec<Entity> = found.collect();
    *entities = joined(splittable, continuous.into_iter().chain(found).collect(), blockquotes);
}

/// [`RuleId::EntitiesAtMost100`]: of the bot's own entities past the hundredth are dropped without a word,
/// bold and the other styles first.
pub(super) fn keep_a_hundred(entities: &mut Vec<Entity>) {
    let (styles, others): (Vec<_>, Vec<_>) =
        std::mem::take(entities).into_iter().partition(|entity| entity.kind.is_splittable());
    let mut kept = 0;
    let mut counted = |entity: &Entity| {
        let is_free = matches!(entity.kind, EntityKind::CustomEmoji { .. });
        kept += usize::from(!is_free);
        is_free || kept <= MAX_USER_ENTITIES
    };
    // Styles are counted whole, as they were before they were cut at the borders of other entities.
    let styles = split(styles, &[]);
    entities.extend(others.into_iter().filter(&mut counted));
    entities.extend(styles.into_iter().filter(&mut counted));
    fix(entities);
}

fn by_class(entities: Vec<Entity>) -> (Vec<Entity>, Vec<Entity>, Vec<Entity>) {
    let (splittable, others): (Vec<_>, Vec<_>) =
        entities.into_iter().partition(|entity| entity.kind.is_splittable());
    let (blockquotes, continuous) = others.into_iter().partition(|entity| entity.kind.is_blockquote());
    (splittable, continuous, blockquotes)
}

fn joined(splittable: Vec<Entity>, continuous: Vec<Entity>, blockquotes: Vec<Entity>) -> Vec<Entity> {
    let mut others = outside_of_blockquote_borders(continuous, &blockquotes);
    others.extend(blockquotes);
    sort(&mut others);
    let mut all = split(splittable, &others);
    all.extend(others);
    sort(&mut all);
    all
}

fn crosses_or_touches(old: &Entity, new: &Entity) -> bool {
    new.offset < old.end() && old.offset < new.end()
}

/// Keeps the first of those that share a letter; `entities` are sorted.
pub(super) fn without_intersecting(entities: Vec<Entity>) -> Vec<Entity> {
    let mut last_end = 0;
    let mut kept = entities;
    kept.retain(|entity| {
        let keep = entity.offset >= last_end;
        if keep {
            last_end = entity.end();
        }
        keep
    });
    kept
}

/// Drops what crosses a quote's border or holds a quote within.
fn outside_of_blockquote_borders(mut entities: Vec<Entity>, blockquotes: &[Entity]) -> Vec<Entity> {
    entities.retain(|entity| {
        blockquotes.iter().find(|quote| quote.end() > entity.offset).is_none_or(|quote| {
            let inside = quote.offset <= entity.offset && entity.end() <= quote.end();
            inside || quote.offset >= entity.end()
        })
    });
    entities
}

fn are_valid(entities: &[Entity]) -> bool {
    let mut style_ends = [None::<usize>; SPLITTABLE.len()];
    let mut stack: Vec<&Entity> = Vec::new();
    for entity in entities {
        while stack.last().is_some_and(|outer| entity.offset >= outer.end()) {
            stack.pop();
        }
        if let Some(parent) = stack.last() {
            let inside = |of: fn(&EntityKind) -> bool| stack.iter().any(|outer| of(&outer.kind));
            let kind = &entity.kind;
            let same =
                stack.iter().any(|outer| std::mem::discriminant(&outer.kind) == std::mem::discriminant(kind));
            if entity.end() > parent.end()
                || same
                || parent.kind.is_pre()
                || (kind.is_pre() && inside(|outer| !outer.is_blockquote()))
                || ((kind.is_continuous() || kind.is_blockquote()) && inside(EntityKind::is_continuous))
                || (kind.is_blockquote() && inside(EntityKind::is_blockquote))
                || inside(EntityKind::is_splittable)
            {
                return false;
            }
        }
        if let Some(index) = entity.kind.splittable_index() {
            if style_ends[index].is_some_and(|end| end >= entity.offset) {
                return false;
            }
            style_ends[index] = Some(entity.end());
        }
        stack.push(entity);
    }
    true
}

/// Cuts styles at each other's beginnings and at the borders of `others`, merges those that touch, and drops
/// what lies within code.
fn split(mut styles: Vec<Entity>, others: &[Entity]) -> Vec<Entity> {
    sort(&mut styles);
    let mut splitter =
        Splitter { open: [None; SPLITTABLE.len()], waiting: styles.into_iter().peekable(), done: Vec::new() };
    let mut stack: Vec<&Entity> = Vec::new();
    for (offset, other) in others.iter().map(|other| (other.offset, Some(other))).chain([(usize::MAX, None)])
    {
        while let Some(outer) = stack.last().filter(|outer| offset >= outer.end()) {
            let done_before = splitter.done.len();
            splitter.run_to(outer.end());
            if outer.kind.is_pre() {
                splitter.done.truncate(done_before);
            }
            stack.pop();
        }
        splitter.run_to(offset);
        stack.extend(other);
    }
    sort(&mut splitter.done);
    splitter.done
}

/// The state of [`split`] as it walks along the text.
struct Splitter {
    /// Where each style that is on began and will end.
    open: [Option<(usize, usize)>; SPLITTABLE.len()],
    waiting: std::iter::Peekable<std::vec::IntoIter<Entity>>,
    done: Vec<Entity>,
}

impl Splitter {
    fn run_to(&mut self, end: usize) {
        while let Some(entity) = self.waiting.next_if(|entity| entity.offset < end) {
            let Some(index) = entity.kind.splittable_index() else {
                continue;
            };
            match &mut self.open[index] {
                Some((_, open_end)) if entity.offset <= *open_end => {
                    *open_end = (*open_end).max(entity.end())
                }
                _ => {
                    self.flush(entity.offset);
                    self.open[index] = Some((entity.offset, entity.end()));
                }
            }
        }
        self.flush(end);
    }

    fn flush(&mut self, offset: usize) {
        for (open, kind) in self.open.iter_mut().zip(&SPLITTABLE) {
            let Some((begin, end)) = *open else { continue };
            if begin >= offset {
                continue;
            }
            let piece_end = end.min(offset);
            self.done.push(Entity { offset: begin, length: piece_end - begin, kind: kind.clone() });
            *open = (end > offset).then_some((offset, end));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(offset: usize, end: usize, kind: EntityKind) -> Entity {
        Entity { offset, length: end - offset, kind }
    }

    fn link() -> EntityKind {
        EntityKind::TextLink { url: "https://a.kz/".to_owned() }
    }

    fn fixed(entities: &[Entity]) -> Vec<Entity> {
        let mut entities = entities.to_vec();
        fix(&mut entities);
        entities
    }

    #[test]
    fn what_is_well_nested_stays() {
        let entities = [at(0, 9, link()), at(0, 4, EntityKind::Bold), at(10, 12, EntityKind::Italic)];
        assert_eq!(fixed(&entities), entities);
    }

    #[test]
    fn crossing_styles_are_cut_into_adjoining_pieces() {
        use EntityKind::{Bold, Italic};
        assert_eq!(
            fixed(&[at(0, 6, Bold), at(3, 9, Italic)]),
            [at(0, 3, Bold), at(3, 9, Italic), at(3, 6, Bold),]
        );
        assert_eq!(
            fixed(&[at(0, 10, Bold), at(4, 6, link())]),
            [at(0, 4, Bold), at(4, 6, link()), at(4, 6, Bold), at(6, 10, Bold),]
        );
        assert_eq!(fixed(&[at(0, 3, Bold), at(3, 6, Bold)]), [at(0, 6, Bold)]);
    }

    #[test]
    fn code_holds_nothing_and_quotes_hold_no_quotes() {
        use EntityKind::{Blockquote, Bold, Code};
        assert_eq!(fixed(&[at(0, 9, Code), at(2, 5, Bold)]), [at(0, 9, Code)]);
        assert_eq!(fixed(&[at(0, 9, Blockquote), at(2, 5, Blockquote)]), [at(0, 9, Blockquote)]);
        assert_eq!(fixed(&[at(0, 9, Blockquote), at(2, 5, Code)]), [at(0, 9, Blockquote), at(2, 5, Code)]);
        assert_eq!(fixed(&[at(0, 5, link()), at(3, 9, Blockquote)]), [at(3, 9, Blockquote)]);
        assert_eq!(fixed(&[at(0, 5, link()), at(3, 9, link())]), [at(0, 5, link())]);
    }

    #[test]
    fn past_a_hundred_links_are_kept_before_styles() {
        let link_at = |n: usize| at(n * 4, n * 4 + 1, link());
        let bold_at = |n: usize| at(n * 4 + 2, n * 4 + 3, EntityKind::Bold);
        let mut entities: Vec<Entity> = (0..60).flat_map(|n| [link_at(n), bold_at(n)]).collect();
        keep_a_hundred(&mut entities);
        assert_eq!(entities.iter().filter(|entity| entity.kind == link()).count(), 60);
        assert_eq!(entities.iter().filter(|entity| entity.kind == EntityKind::Bold).count(), 40);
        assert!(entities.contains(&bold_at(39)) && !entities.contains(&bold_at(40)));
    }

    #[test]
    fn what_the_bot_set_comes_before_what_is_found() {
        let mut entities = vec![at(0, 4, link()), at(6, 12, EntityKind::Bold)];
        add_found(&mut entities, vec![at(2, 6, EntityKind::Url), at(8, 10, EntityKind::Hashtag)]);
        assert_eq!(
            entities,
            [
                at(0, 4, link()),
                at(6, 8, EntityKind::Bold),
                at(8, 10, EntityKind::Hashtag),
                at(8, 10, EntityKind::Bold),
                at(10, 12, EntityKind::Bold),
            ]
        );
    }

    fn any_entity() -> impl Strategy<Value = Entity> {
        let kinds = [
            EntityKind::Bold,
            EntityKind::Italic,
            EntityKind::Spoiler,
            EntityKind::Blockquote,
            EntityKind::Code,
            EntityKind::Pre { language: String::new() },
            link(),
        ];
        (0..20_usize, 1..12_usize, proptest::sample::select(kinds.to_vec()))
            .prop_map(|(offset, length, kind)| Entity { offset, length, kind })
    }

    proptest! {
        #[test]
        fn fixed_entities_never_cross_and_are_fixed_for_good(
            entities in proptest::collection::vec(any_entity(), 0..12)
        ) {
            let once = fixed(&entities);
            for (n, outer) in once.iter().enumerate() {
                for inner in &once[n + 1..] {
                    prop_assert!(inner.offset >= outer.end() || inner.end() <= outer.end(), "{once:?}");
                    prop_assert!(!(outer.kind.is_pre() && inner.offset < outer.end()), "{once:?}");
                }
            }
            prop_assert_eq!(fixed(&once), once);
        }

        #[test]
        fn a_style_covers_what_it_covered_outside_of_code(
            entities in proptest::collection::vec(any_entity(), 0..12)
        ) {
            let covered = |entities: &[Entity], kind: &EntityKind| -> Vec<usize> {
                let covers = |at: &usize| {
                    entities.iter().any(|e| e.kind == *kind && (e.offset..e.end()).contains(at))
                };
                (0..40).filter(covers).collect()
            };
            let once = fixed(&entities);
            let in_code = |at: &usize| once.iter().any(|e| e.kind.is_pre() && (e.offset..e.end()).contains(at));
            for style in &SPLITTABLE {
                let wanted: Vec<usize> = covered(&entities, style).into_iter().filter(|at| !in_code(at)).collect();
                let got: Vec<usize> = covered(&once, style).into_iter().filter(|at| !in_code(at)).collect();
                prop_assert_eq!(wanted, got);
            }
        }
    }
}
