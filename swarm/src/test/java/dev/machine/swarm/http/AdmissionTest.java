package dev.machine.swarm.http;

import static dev.machine.swarm.http.Admission.Entry.REFUSED;
import static dev.machine.swarm.http.Admission.Entry.WAITS;
import static dev.machine.swarm.http.Admission.Entry.WAITS_A_MOMENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which connection is closed when there are too many. */
class AdmissionTest {
    private final List<String> gone = new ArrayList<>();
    private final Admission admission = new Admission(new ConnectionLimits(4, 2, 0, 2, 1));

    private final class Peer implements Admission.Waiting, Admission.Client {
        private final String name;
        private final int address;
        private boolean spoken;

        Peer(String name, int address) {
            this.name = name;
            this.address = address;
        }

        Peer speaks() {
            spoken = true;
            return this;
        }

        @Override
        public InetAddress from() {
            try {
                return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) address});
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean hasSpoken() {
            return spoken;
        }

        @Override
        public void drop() {
            gone.add(name);
        }

        @Override
        public void makeRoom() {
            gone.add(name);
        }
    }

    @Test
    void theOldestSilentOneOfAnAddressMakesRoomForTheNextOfIt() {
        assertThat(admission.arrives(new Peer("a", 1))).isEqualTo(WAITS);
        assertThat(admission.arrives(new Peer("other", 2))).isEqualTo(WAITS);
        assertThat(admission.arrives(new Peer("b", 1))).isEqualTo(WAITS);
        assertThat(admission.arrives(new Peer("c", 1))).isEqualTo(WAITS);
        assertThat(gone).containsExactly("a");
    }

    @Test
    void theOldestSilentOneOfAllMakesRoomWhenAllPlacesAreTaken() {
        for (int address = 1; address <= 5; address++) {
            assertThat(admission.arrives(new Peer("from " + address, address))).isEqualTo(WAITS);
        }
        assertThat(gone).containsExactly("from 1");
    }

    @Test
    void aHandshakeThatHasBegunIsNotClosedForASilentConnection() {
        assertThat(admission.arrives(new Peer("says hello", 1).speaks())).isEqualTo(WAITS);
        assertThat(admission.arrives(new Peer("silent", 1))).isEqualTo(WAITS);
        assertThat(admission.arrives(new Peer("next", 1))).isEqualTo(WAITS);
        assertThat(gone).containsExactly("silent");
    }

    @Test
    void aNewConnectionIsRefusedWhileAllOthersAreInTheirHandshake() {
        assertThat(admission.arrives(new Peer("a", 1).speaks())).isEqualTo(WAITS);
        assertThat(admission.arrives(new Peer("b", 1).speaks())).isEqualTo(WAITS);
        assertThat(admission.arrives(new Peer("c", 1))).isEqualTo(REFUSED);
        assertThat(admission.arrives(new Peer("other", 2))).isEqualTo(WAITS);
        assertThat(gone).isEmpty();
    }

    @Test
    void aNewConnectionHasAMomentToBegin() {
        Admission patient = new Admission(new ConnectionLimits(4, 2, 2, 2, 1));
        patient.arrives(new Peer("a", 1));
        patient.arrives(new Peer("b", 1));
        Peer meansIt = new Peer("means it", 1);
        Peer next = new Peer("next", 1);
        assertThat(patient.arrives(meansIt)).isEqualTo(WAITS_A_MOMENT);
        assertThat(patient.arrives(next)).isEqualTo(WAITS_A_MOMENT);
        assertThat(gone).isEmpty();

        assertThat(patient.arrives(new Peer("too many", 1))).isEqualTo(WAITS);
        assertThat(gone).containsExactly("a");

        meansIt.speaks();
        patient.ages(meansIt);
        patient.ages(next);
        assertThat(gone).containsExactly("a", "b", "next");
        patient.ages(next);
        assertThat(gone).hasSize(3);
    }

    @Test
    void noMoreHandshakesThanTheLimitGoOnAlthoughMoreConnectionsMayBeNew() {
        Admission patient = new Admission(new ConnectionLimits(4, 2, 8, 2, 1));
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            peers.add(new Peer("peer " + i, 1));
            patient.arrives(peers.getLast());
        }
        assertThat(peers).extracting(patient::speaks).containsExactly(true, true, false, false);
        peers.subList(2, 4).forEach(patient::waitsNoMore);
        Peer other = new Peer("other", 2);
        patient.arrives(other);
        assertThat(patient.speaks(other)).isTrue();
    }

    @Test
    void theLongestIdleClientMakesRoomAndABusyOneNever() {
        Peer first = new Peer("first", 1);
        Peer second = new Peer("second", 1);
        assertThat(admission.enters(first)).isEqualTo(Admission.Verdict.SERVED);
        assertThat(admission.enters(second)).isEqualTo(Admission.Verdict.SERVED);
        admission.idles(first);
        admission.idles(second);
        admission.works(first);
        admission.idles(first);
        assertThat(admission.enters(new Peer("third", 1))).isEqualTo(Admission.Verdict.SERVED);
        assertThat(gone).containsExactly("second");
        admission.works(first);
        assertThat(admission.enters(new Peer("fourth", 1))).isEqualTo(Admission.Verdict.REFUSED);
        assertThat(admission.enters(new Peer("fifth", 1))).isEqualTo(Admission.Verdict.CLOSED);
        admission.leaves(first);
        assertThat(admission.enters(new Peer("sixth", 1))).isEqualTo(Admission.Verdict.SERVED);
    }

    @Test
    void idleClientsMakeRoomBeforeThoseThatHaveOnlyToClose() {
        Peer lingers = new Peer("lingers", 1);
        Peer idles = new Peer("idles", 1);
        admission.enters(lingers);
        admission.enters(idles);
        admission.lingers(lingers);
        admission.idles(idles);
        admission.enters(new Peer("next", 1));
        admission.enters(new Peer("one more", 1));
        assertThat(gone).containsExactly("idles", "lingers");
    }

    @Test
    void theLimitsFollowTheHeapAndTheFileDescriptors() {
        assertThat(ConnectionLimits.of(384L << 20, 1 << 20))
                .isEqualTo(new ConnectionLimits(256, 128, 1024, 3072, 96));
        assertThat(ConnectionLimits.of(384L << 20, 4096).clients()).isEqualTo(1152);
        assertThat(ConnectionLimits.of(16L << 20, 256).clients()).isEqualTo(16);
        assertThat(ConnectionLimits.ofThisProcess().clients()).isPositive();
    }
}
