package dev.machine.swarm.image;

import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.image.ImageChoice.Refuse;
import dev.machine.swarm.image.ImageChoice.Use;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which image a node gets for one name. The first of these that applies decides:
 *
 * <ol>
 *   <li>A name with a digest stays as it is.
 *   <li>A name that the table or a rule has made already stays as it is.
 *   <li>The table, by the name as typed, then with its tag, then without; by the exact platform
 *       first. If it has the name but nothing for this architecture, mode {@code canonical} refuses
 *       the node.
 *   <li>The first rule that matches, unless its image is known to be missing.
 *   <li>The name as typed: the engine chooses its variant from the image's list.
 * </ol>
 *
 * <p>For a name that stays as it is, a node is refused if the image is known to have no variant for
 * it. If the platforms are unknown, no node is refused.
 *
 * <p>This class asks nobody: the caller finds out what is known of {@link #questions} first.
 */
public final class ImageDecision {
    private final ImageSettings settings;
    private final String typed;
    private final ImageName name;
    private final @Nullable Platform asked;
    private final boolean check;
    private final boolean rewritten;
    private final @Nullable String key;

    /** The number of the first rule that matches, from 1; 0 if none does. */
    private final int rule;

    /**
     * A decision about a name.
     *
     * @param typed as the user or the client wrote it; {@code name} is the same, taken apart
     * @param asked the platform that was asked for; null for none
     * @param check whether a rule's image counts only if it is not known to be missing; false: it
     *     is used without a check
     */
    public ImageDecision(
            ImageSettings settings,
            String typed,
            ImageName name,
            @Nullable Platform asked,
            boolean check) {
        this.settings = settings;
        this.typed = typed;
        this.name = name;
        this.asked = asked;
        this.check = check;
        this.rule = firstRule(settings, name.familiar());
        this.key = name.digest() == null ? settings.key(typed, name) : null;
        this.rewritten =
                name.digest() == null
                        && key == null
                        && (settings.values().contains(name.familiar())
                                || settings.rules().stream()
                                        .anyMatch(rule -> rule.made(name.familiar())));
    }

    /** The familiar names whose platforms must be known to decide for a node. */
    public Set<String> questions(Platform node) {
        Set<String> names = new LinkedHashSet<>();
        if (!free() || field(node) == null) {
            String rule = check ? byRule(node) : null;
            if (rule != null) {
                names.add(ImageName.familiar(rule));
            }
            if (rule != null || byRule(node) == null) {
                names.add(name.familiar());
            }
        }
        return names;
    }

    /**
     * What a node gets.
     *
     * @param known what is known of a familiar name, as it applies to this node
     */
    public ImageChoice on(ImageNode node, Function<String, KnownPlatforms> known) {
        Platform runner = runner(node.platform());
        if (asked != null && !node.platform().accepts(asked)) {
            return new Refuse(
                    name.shown()
                            + ": asked for "
                            + asked
                            + ", and "
                            + node.name()
                            + " is "
                            + node.platform());
        }
        if (name.digest() != null) {
            return asTyped(node, "by digest", known);
        }
        if (rewritten) {
            return madeFor(runner)
                    ? new Use(typed, "a name that the table or a rule has made stays as it is")
                    : asTyped(node, "a name that the table or a rule makes", known);
        }
        String field = field(node.platform());
        if (key != null && field != null) {
            return new Use(settings.image(key, field), "table: " + key + " for " + field);
        }
        if (key != null && settings.canonical()) {
            return new Refuse(
                    name.shown()
                            + ": the table has no image for "
                            + runner
                            + " ("
                            + node.name()
                            + ")");
        }
        return byRules(node, known);
    }

    private ImageChoice byRules(ImageNode node, Function<String, KnownPlatforms> known) {
        String made = byRule(node.platform());
        if (made == null) {
            return asTyped(node, "as typed", known);
        }
        if (!check || !(known.apply(ImageName.familiar(made)) instanceof KnownPlatforms.Missing)) {
            return new Use(made, "rule " + rule + ": " + pattern());
        }
        return asTyped(
                node,
                "as typed, because the image " + made + " of rule " + rule + " does not exist",
                known);
    }

    private ImageChoice asTyped(
            ImageNode node, String why, Function<String, KnownPlatforms> known) {
        Platform runner = runner(node.platform());
        return switch (known.apply(name.familiar())) {
            case KnownPlatforms.Platforms platforms when platforms.has(runner) ->
                    new Use(typed, why + "; it has " + platforms);
            case KnownPlatforms.Platforms platforms ->
                    new Refuse(
                            name.shown()
                                    + ": no image for "
                                    + runner
                                    + " ("
                                    + node.name()
                                    + "); have "
                                    + platforms);
            case KnownPlatforms.OnlyOn only ->
                    new Refuse(
                            name.shown()
                                    + ": in no registry, so not for "
                                    + node.name()
                                    + "; it is on "
                                    + only.nodes());
            case KnownPlatforms.Missing x -> new Use(typed, why + "; not in the registry");
            case KnownPlatforms.Unknown x -> new Use(typed, why + "; unknown platforms");
        };
    }

    /**
     * The names that the image may have on a node, the likeliest first: what the table or a rule
     * makes of it there, then the name itself.
     */
    public Set<String> names(Platform node) {
        Set<String> names = new LinkedHashSet<>();
        String field = free() ? field(node) : null;
        String rule = free() && field == null ? byRule(node) : null;
        if (key != null && field != null) {
            names.add(ImageName.familiar(settings.image(key, field)));
        } else if (rule != null) {
            names.add(ImageName.familiar(rule));
        }
        names.add(name.familiar());
        return names;
    }

    private boolean free() {
        return name.digest() == null && !rewritten;
    }

    private Platform runner(Platform node) {
        return asked == null || asked.architecture().isEmpty() ? node : asked;
    }

    private @Nullable String field(Platform node) {
        return key == null ? null : settings.field(key, runner(node));
    }

    private boolean madeFor(Platform runner) {
        return settings.rules().stream().anyMatch(rule -> rule.made(name.familiar(), runner))
                || settings.images().keySet().stream()
                        .anyMatch(
                                entry -> {
                                    String field = settings.field(entry, runner);
                                    return field != null
                                            && ImageName.same(
                                                    settings.image(entry, field), name.familiar());
                                });
    }

    private @Nullable String byRule(Platform node) {
        return name.digest() != null || rewritten || rule == 0
                ? null
                : settings.rules().get(rule - 1).apply(name.familiar(), runner(node));
    }

    private String pattern() {
        return settings.rules().get(rule - 1).expression();
    }

    private static int firstRule(ImageSettings settings, String familiar) {
        for (int i = 0; i < settings.rules().size(); i++) {
            if (settings.rules().get(i).matches(familiar)) {
                return i + 1;
            }
        }
        return 0;
    }
}
