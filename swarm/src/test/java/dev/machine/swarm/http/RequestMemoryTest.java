package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RequestMemoryTest {
    private static final long MOST = 1 << 20;
    private static final Runnable NOTHING = () -> {};

    private final RequestMemory room =
            new RequestMemory(MOST, Duration.ofSeconds(2), Duration.ofMillis(50));

    @Test
    void anOrdinaryRequestNeedsNoReservedMemory() {
        RequestMemory.Share all = room.share(NOTHING);
        all.take(MOST + RequestMemory.FREE_BYTES);
        for (int i = 0; i < 1000; i++) {
            room.share(NOTHING).take(RequestMemory.FREE_BYTES);
        }
        assertThat(room.used()).isEqualTo(MOST);
    }

    @Test
    void aRequestThatNeedsMoreThanThereIsGetsAnError() {
        room.share(NOTHING).take(MOST);
        assertThatThrownBy(() -> room.share(NOTHING).take(MOST))
                .isInstanceOfSatisfying(
                        HttpProblem.class, e -> assertThat(e.status()).isEqualTo(503))
                .hasMessageContaining("no memory left");
    }

    @Test
    void aRequestThatNeedsMoreWaitsUntilMemoryIsReleased() throws Exception {
        RequestMemory.Share first = room.share(NOTHING);
        first.take(MOST);
        RequestMemory.Share second = room.share(NOTHING);
        CompletableFuture<Void> taken = CompletableFuture.runAsync(() -> second.take(MOST));
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(taken).isNotDone();
        first.onlyHolds(10);
        taken.get(1, TimeUnit.SECONDS);
        second.close();
        assertThat(room.used()).isZero();
    }

    @Test
    void aClientThatDoesNotMoveMakesRoom() throws Exception {
        AtomicBoolean aborted = new AtomicBoolean();
        RequestMemory.Share[] still = new RequestMemory.Share[1];
        still[0] = room.share(() -> aborted.set(true));
        still[0].take(MOST);
        still[0].waits();
        CompletableFuture<Void> taken =
                CompletableFuture.runAsync(() -> room.share(NOTHING).take(MOST));
        while (!aborted.get()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        still[0].close();
        taken.get(1, TimeUnit.SECONDS);
    }

    @Test
    void aClientThatMovesKeepsItsPlace() {
        AtomicBoolean aborted = new AtomicBoolean();
        RequestMemory.Share works = room.share(() -> aborted.set(true));
        works.take(MOST);
        works.waits();
        works.works();
        assertThatThrownBy(() -> room.share(NOTHING).take(MOST)).isInstanceOf(HttpProblem.class);
        assertThat(aborted).isFalse();
    }

    @Test
    void aRequestLargerThanAllMemoryGetsAllOfIt() {
        RequestMemory.Share large = room.share(NOTHING);
        large.takeTree(10 * MOST);
        assertThat(room.used()).isEqualTo(MOST);
        large.giveTree(10 * MOST);
        assertThat(room.used()).isZero();
    }
}
