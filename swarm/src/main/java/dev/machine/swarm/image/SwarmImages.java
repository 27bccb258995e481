package dev.machine.swarm.image;

import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.image.ImageChoice.Refuse;
import dev.machine.swarm.image.ImageChoice.Use;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The choice of images for the live nodes of a swarm. It collects the user's settings, the images
 * on the nodes and what the registry says; {@link ImageDecision} decides.
 */
public final class SwarmImages implements ImageResolver {
    /** How long the first user of a name waits for the registry. */
    public static final Duration REGISTRY_DEADLINE = Duration.ofSeconds(3);

    private final Supplier<Collection<EngineCache>> engines;
    private final ImageSource source;
    private final boolean check;
    private final Duration patience;
    private final LocalImages local = new LocalImages();
    private final RegistryAnswers registry;

    SwarmImages(
            Supplier<Collection<EngineCache>> engines,
            ImageSource source,
            boolean check,
            InstantSource clock,
            Duration patience) {
        this.engines = engines;
        this.source = source;
        this.check = check;
        this.patience = patience;
        this.registry = new RegistryAnswers(engines, clock, patience);
    }

    /**
     * The choice for some engines.
     *
     * @param engines gives the engines that are in the swarm now
     * @param file the user's images.yaml; it may come into being later; null for none
     * @param table {@code file:PATH} or {@code redis://HOST:PORT/DB} instead; null for none
     * @param check whether a rule's image is asked for before it is used
     * @throws dev.machine.common.MachineException (exit code 2) if the table is neither
     */
    public static SwarmImages of(
            Supplier<Collection<EngineCache>> engines,
            @Nullable Path file,
            @Nullable String table,
            boolean check,
            InstantSource clock) {
        return new SwarmImages(
                engines, ImageSources.of(file, table), check, clock, REGISTRY_DEADLINE);
    }

    /** What is wrong with the user's settings, one sentence; null if nothing is. */
    public @Nullable String error() {
        return source.error();
    }

    /** A node for the choice of its image; null until its engine has told its platform. */
    public static @Nullable ImageNode node(EngineCache engine) {
        EngineFacts facts = engine.status().facts();
        return facts == null ? null : new ImageNode(engine.name(), facts.platform());
    }

    /** The platform of an image on a node; without an architecture if the node does not tell it. */
    public Platform platform(EngineCache engine, String id) {
        return local.platform(engine, id, System.nanoTime() + patience.toNanos());
    }

    /**
     * The names that an image may have on a node, the likeliest first; for an id only the id. Asks
     * nobody.
     */
    public Set<String> names(String image, ImageNode node) {
        ImageName name = ImageName.parse(image);
        return name == null
                ? Set.of(image)
                : new ImageDecision(source.now(), image, name, null, check).names(node.platform());
    }

    @Override
    public ImagePlan plan(String image, @Nullable Platform asked) {
        List<EngineCache> healthy = new ArrayList<>();
        engines.get().stream().filter(engine -> engine.status().healthy()).forEach(healthy::add);
        local.keep(engines.get());
        ImageName name = ImageName.parse(image);
        if (name == null || isId(image, name, healthy)) {
            return byId(image, healthy);
        }
        ImageDecision decision = new ImageDecision(source.now(), image, name, asked, check);
        return new CachedPlan(decision, find(decision, asked, healthy));
    }

    /**
     * A hexadecimal word is an id if some node has an image of that id and no node has one of that
     * name.
     */
    private boolean isId(String image, ImageName name, List<EngineCache> healthy) {
        return NameGrammar.isHex(image, 4, 63)
                && healthy.stream().noneMatch(e -> local.id(e, name.familiar()) != null)
                && !ImageIds.of(image, healthy).isEmpty();
    }

    /** Each node gets the Id that the image has there. */
    private static ImagePlan byId(String id, List<EngineCache> healthy) {
        Set<String> ids = ImageIds.of(id, healthy);
        Map<String, String> having = new TreeMap<>();
        for (EngineCache engine : healthy) {
            engine.images().stream()
                    .map(image -> image.path("Id").asText())
                    .filter(ids::contains)
                    .findFirst()
                    .ifPresent(own -> having.put(engine.name(), ImageIds.isId(own, id) ? id : own));
        }
        return node ->
                having.isEmpty() || having.containsKey(node.name())
                        ? new Use(having.getOrDefault(node.name(), id), "by id")
                        : new Refuse(
                                id
                                        + ": not on "
                                        + node.name()
                                        + "; it is on "
                                        + String.join(", ", having.keySet()));
    }

    /**
     * Asks a node again that seems to lack an image, if its list is known to be out of date: a
     * client that has been told that its tag, pull or removal is done must find it done.
     */
    private void awaitFresh(ImageDecision decision, List<EngineCache> healthy, long end) {
        List<EngineCache> lacking =
                healthy.stream().filter(engine -> lacks(decision, engine)).toList();
        try {
            for (EngineCache engine : lacking) {
                engine.awaitFreshImages(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean lacks(ImageDecision decision, EngineCache engine) {
        ImageNode node = node(engine);
        return node != null
                && decision.questions(node.platform()).stream()
                        .anyMatch(question -> local.id(engine, question) == null);
    }

    private ImageFacts find(
            ImageDecision decision, @Nullable Platform asked, List<EngineCache> healthy) {
        long end = System.nanoTime() + patience.toNanos();
        awaitFresh(decision, healthy, end);
        ImageFacts facts = new ImageFacts();
        Set<String> open = new HashSet<>();
        Map<Platform, Set<String>> questions = new HashMap<>();
        for (EngineCache engine : healthy) {
            ImageNode node = node(engine);
            if (node == null) {
                continue;
            }
            Platform runner = asked == null ? node.platform() : asked;
            for (String question :
                    questions.computeIfAbsent(node.platform(), decision::questions)) {
                String id = local.id(engine, question);
                Platform here = id == null ? null : local.platform(engine, id, end);
                if (here != null) {
                    facts.onNode(question, node, here);
                }
                if (here == null || !runner.accepts(here)) {
                    open.add(question);
                }
            }
        }
        facts.fromRegistry(registry.ask(open));
        return facts;
    }
}
