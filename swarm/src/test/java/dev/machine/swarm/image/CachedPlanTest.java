package dev.machine.swarm.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.image.ImageChoice.Refuse;
import dev.machine.swarm.image.ImageChoice.Use;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CachedPlanTest {
    private static final Platform AMD64 = Platform.parse("linux/amd64");
    private static final Platform ARM = Platform.parse("linux/arm/v7");
    private static final ImageNode WITH_ARM_IMAGE = new ImageNode("a", AMD64);
    private static final ImageNode WITH_OWN_IMAGE = new ImageNode("b", AMD64);

    private final ImageFacts facts = new ImageFacts();
    private final CachedPlan plan =
            new CachedPlan(
                    new ImageDecision(ImageSettings.NONE, "x", ImageName.parse("x"), null, true),
                    facts);

    @Test
    void nodesOfOnePlatformDifferByTheirImages() {
        facts.onNode("x:latest", WITH_ARM_IMAGE, ARM);
        facts.onNode("x:latest", WITH_OWN_IMAGE, AMD64);

        assertThat(plan.on(WITH_OWN_IMAGE)).isInstanceOf(Use.class);
        assertThat(plan.on(WITH_ARM_IMAGE)).isInstanceOf(Refuse.class);
        assertThat(plan.on(new ImageNode("c", AMD64))).isInstanceOf(Use.class);
    }

    @Test
    void eachRefusalNamesItsOwnNode() {
        facts.fromRegistry(Map.of("x:latest", new KnownPlatforms.Platforms(Set.of(AMD64))));

        assertThat(refusal("board-1")).contains("(board-1)");
        assertThat(refusal("board-2")).contains("(board-2)");
    }

    private String refusal(String node) {
        return ((Refuse) plan.on(new ImageNode(node, ARM))).reason();
    }
}
