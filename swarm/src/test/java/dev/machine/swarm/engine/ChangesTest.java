package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an engine tells between two lists is remembered up to a limit; beyond it a list is made. */
class ChangesTest {
    @Test
    void entriesThatAreMadeWithoutEndAreNotAllRemembered() {
        EntryStore<String> store = new EntryStore<>();
        for (int i = 0; i < EntryStore.MAX_CHANGES; i++) {
            assertThat(store.put("v" + i, "made")).isTrue();
        }
        assertThat(store.put("v1", "made again")).isTrue();
        assertThat(store.put("one-more", "made")).isFalse();
        assertThat(store.get("one-more")).isNull();
        store.listing();
        store.listed(Map.of("one-more", "listed"));
        assertThat(store.all()).containsExactly("listed");
        assertThat(store.put("later", "made")).isTrue();
    }

    @Test
    void entriesThatAreRemovedWithoutEndAreNotAllRemembered() {
        EntryStore<String> store = new EntryStore<>();
        for (int i = 0; i < EntryStore.MAX_CHANGES; i++) {
            assertThat(store.remove("v" + i)).isTrue();
        }
        assertThat(store.remove("one-more")).isFalse();
    }

    @Test
    void whatChangesWhileAListIsMadeIsNewerThanTheList() {
        EntryStore<String> store = new EntryStore<>();
        store.put("old", "before");
        store.put("gone", "before");
        assertThat(store.known()).isFalse();
        store.listing();
        store.put("new", "meanwhile");
        store.remove("gone");
        store.listed(Map.of("gone", "listed", "other", "listed"));
        assertThat(store.known()).isTrue();
        assertThat(store.get("new")).isEqualTo("meanwhile");
        assertThat(store.get("gone")).isNull();
        assertThat(store.get("old")).isNull();
        assertThat(store.get("other")).isEqualTo("listed");
    }

    @Test
    void anEventDoesNotHideWhatIsKnownBetter() {
        EntryStore<String> store = new EntryStore<>();
        store.put("a", "with its labels");
        assertThat(store.putIfAbsent("a", "its name")).isTrue();
        assertThat(store.putIfAbsent("b", "its name")).isTrue();
        assertThat(store.all()).containsExactlyInAnyOrder("with its labels", "its name");
    }

    @Test
    void containersThatAreRemovedWithoutEndAreNotAllRemembered() {
        ContainerStore containers = new ContainerStore();
        for (int i = 0; i < ContainerStore.MAX_REMOVED; i++) {
            assertThat(containers.remove("c" + i)).isTrue();
        }
        assertThat(containers.remove("c1")).isTrue();
        assertThat(containers.remove("one-more")).isFalse();
        containers.listing();
        assertThat(containers.remove("one-more")).isTrue();
    }
}
