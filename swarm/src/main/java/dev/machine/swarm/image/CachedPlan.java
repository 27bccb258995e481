package dev.machine.swarm.image;

import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.image.ImageResolver.ImagePlan;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A decision with the facts for it. It is made once for all nodes of one platform that have the
 * same images, so a swarm of a hundred nodes costs hardly more than one of three.
 */
final class CachedPlan implements ImagePlan {
    private final ImageDecision decision;
    private final ImageFacts facts;
    private final Map<Kind, ImageChoice> choices = new ConcurrentHashMap<>();

    private record Kind(Platform platform, Map<String, Platform> images) {}

    CachedPlan(ImageDecision decision, ImageFacts facts) {
        this.decision = decision;
        this.facts = facts;
    }

    @Override
    public ImageChoice on(ImageNode node) {
        Kind kind = new Kind(node.platform(), facts.on(node));
        ImageChoice known = choices.get(kind);
        // Only a use can be shared: the text of a refusal names its node.
        if (known instanceof ImageChoice.Use) {
            return known;
        }
        ImageChoice choice = decision.on(node, name -> facts.of(name, node));
        choices.put(kind, choice);
        return choice;
    }
}
