package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who goes when there is no room. */
class AdmissionTest {
    private final List<String> gone = new ArrayList<>();
    private final Admission admission = new Admission(new ConnectionLimits(4, 2, 2, 1));

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
        assertThat(admission.arrives(new Peer("a", 1))).isTrue();
        assertThat(admission.arrives(new Peer("other", 2))).isTrue();
        assertThat(admission.arrives(new Peer("b", 1))).isTrue();
        assertThat(admission.arrives(new Peer("c", 1))).isTrue();
        assertThat(gone).containsExactly("a");
    }

    @Test
    void theOldestSilentOneOfAllMakesRoomWhenAllPlacesAreTaken() {
        for (int address = 1; address <= 5; address++) {
            assertThat(admission.arrives(new Peer("from " + address, address))).isTrue();
        }
        assertThat(gone).containsExactly("from 1");
    }

    @Test
    void whoSpeaksIsNotDroppedForWhoIsSilent() {
        assertThat(admission.arrives(new Peer("says hello", 1).speaks())).isTrue();
        assertThat(admission.arrives(new Peer("silent", 1))).isTrue();
        assertThat(admission.arrives(new Peer("next", 1))).isTrue();
        assertThat(gone).containsExactly("silent");
    }

    @Test
    void aNewcomerIsRefusedWhileAllOthersAreInTheMidstOfTheirHandshake() {
        assertThat(admission.arrives(new Peer("a", 1).speaks())).isTrue();
        assertThat(admission.arrives(new Peer("b", 1).speaks())).isTrue();
        assertThat(admission.arrives(new Peer("c", 1))).isFalse();
        assertThat(admission.arrives(new Peer("other", 2))).isTrue();
        assertThat(gone).isEmpty();
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
    void whoHasOnlyToCloseGoesAfterWhoIsIdle() {
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
                .isEqualTo(new ConnectionLimits(256, 128, 3072, 96));
        assertThat(ConnectionLimits.of(384L << 20, 4096).clients()).isEqualTo(1664);
        assertThat(ConnectionLimits.of(16L << 20, 256).clients()).isEqualTo(16);
        assertThat(ConnectionLimits.ofThisProcess().clients()).isPositive();
    }
}
