package dev.machine.driver.digitalocean;

import com.myjeeva.digitalocean.common.DropletStatus;
import com.myjeeva.digitalocean.pojo.Droplet;
import com.myjeeva.digitalocean.pojo.Image;
import com.myjeeva.digitalocean.pojo.Key;
import com.myjeeva.digitalocean.pojo.Region;
import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Checkpoint;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineKeys;
import dev.machine.driver.Progress;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The making of one droplet, in an order that leaves no orphan: what it will be found by, a tag
 * that nothing else has, is saved before it is asked for; and whoever does not know whether it was
 * made looks for the tag before he asks again.
 */
final class DropletCreator {
    static final String TAG = "tag";
    static final String DROPLET = "droplet-id";
    static final String ADDRESS = "address";
    static final String OUR_KEY = "account-key";

    private static final int TRIES = 3;
    private static final int LOOKS = 4;
    private static final Duration ADDRESS_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(3);

    private final DigitalOceanApi api;
    private final DropletOptions wish;
    private final DriverClock time;
    private final Checkpoint checkpoint;
    private final Progress progress;
    private final TreeMap<String, String> state;

    DropletCreator(
            DigitalOceanApi api,
            DropletOptions wish,
            DriverClock time,
            Checkpoint checkpoint,
            Progress progress) {
        this.api = api;
        this.wish = wish;
        this.time = time;
        this.checkpoint = checkpoint;
        this.progress = progress;
        this.state = new TreeMap<>(checkpoint.saved().values());
    }

    DriverState make(DropletSpec choice) {
        boolean begun = state.containsKey(TAG);
        Optional<DigitalOceanApi.Box> box = begun ? adopted() : Optional.empty();
        if (box.isEmpty()) {
            begin(choice);
            box = Optional.of(buy(choice, begun));
        }
        remember(box.get());
        return addressed(box.get());
    }

    /** The droplet of an attempt that did not finish. */
    private Optional<DigitalOceanApi.Box> adopted() {
        Optional<DigitalOceanApi.Box> box =
                Optional.ofNullable(state.get(DROPLET)).map(Integer::valueOf).flatMap(api::droplet);
        if (box.isEmpty()) {
            box = api.tagged(tag()).stream().findFirst();
        }
        box.ifPresent(
                it -> progress.say("found droplet " + it.id() + ", made by an earlier attempt"));
        return box.map(this::only);
    }

    private void begin(DropletSpec choice) {
        choice.notes().forEach(progress::say);
        progress.say(choice.sentence());
        state.remove(DROPLET);
        state.remove(ADDRESS);
        state.put(DropletOptions.API_URL, wish.apiUrl());
        AccessToken.reference(wish.token())
                .ifPresent(file -> state.put(DropletOptions.TOKEN, file));
        state.put(DropletOptions.USER, wish.user());
        state.put(DropletOptions.PORT, wish.port());
        state.put("engine-port", "2376");
        state.put(DropletOptions.REGION, choice.region());
        state.put(DropletOptions.SIZE, choice.size());
        state.put(DropletOptions.IMAGE, DropletSpec.name(choice.image()));
        state.put("host-key", checkpoint.keys().host().publicKey());
        state.computeIfAbsent(
                TAG, key -> "machine-" + new BigInteger(80, new SecureRandom()).toString(36));
        Optional<MachineKeys.Login> login = login();
        login.ifPresent(
                key -> {
                    state.put("ssh-key", key.privateKey().toAbsolutePath().toString());
                    state.put(OUR_KEY, Fingerprint.of(key.authorizedKey()));
                });
        wish.keyPath().ifPresent(key -> state.put("ssh-key", key.toString()));
        save();
        login.ifPresent(
                key ->
                        api.addKey(
                                wish.request().name().value(),
                                key.authorizedKey(),
                                Fingerprint.of(key.authorizedKey())));
    }

    /** A key of the machine's own, unless the user has named one of his account. */
    private Optional<MachineKeys.Login> login() {
        return wish.fingerprint().isPresent()
                ? Optional.empty()
                : Optional.of(checkpoint.keys().login());
    }

    private DigitalOceanApi.Box buy(DropletSpec choice, boolean begun) {
        boolean doubtful = begun;
        for (int attempt = 1; ; attempt++) {
            try {
                DigitalOceanApi.Box made = api.create(order(choice));
                return doubtful ? only(made) : made;
            } catch (NoAnswer e) {
                doubtful = true;
                progress.say(e.sentence() + "; looking whether the droplet was made all the same");
                Optional<DigitalOceanApi.Box> made = looked();
                if (made.isPresent()) {
                    progress.say("it was: droplet " + made.get().id());
                    return made.get();
                }
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** It may take a moment until a list has what was made. */
    private Optional<DigitalOceanApi.Box> looked() {
        for (int look = 0; look < LOOKS; look++) {
            time.pause(Duration.ofSeconds(1L << look));
            Optional<DigitalOceanApi.Box> made = api.tagged(tag()).stream().findFirst();
            if (made.isPresent()) {
                return made;
            }
        }
        return Optional.empty();
    }

    /** Nothing else has our tag: a second one is what a lost answer made, seen too late. */
    private DigitalOceanApi.Box only(DigitalOceanApi.Box made) {
        for (DigitalOceanApi.Box other : api.tagged(tag())) {
            if (other.id() != made.id()) {
                progress.say("removing droplet " + other.id() + ", made by a lost request");
                api.remove(other.id());
            }
        }
        return made;
    }

    private Droplet order(DropletSpec choice) {
        Droplet order = new Droplet();
        order.setName(wish.request().name().value());
        order.setRegion(new Region(choice.region()));
        order.setSize(choice.size());
        order.setImage(image(choice.image()));
        order.setKeys(List.of(accountKey()));
        order.setUserData(userData());
        List<String> tags = new ArrayList<>(wish.tags());
        tags.add(tag());
        order.setTags(tags);
        order.setEnableBackup(wish.wants("backups"));
        order.setEnableIpv6(wish.wants("ipv6"));
        order.setEnablePrivateNetworking(wish.wants("private-networking"));
        order.setInstallMonitoring(wish.wants("monitoring"));
        return order;
    }

    private static Image image(Image chosen) {
        return chosen.getSlug() == null ? new Image(chosen.getId()) : new Image(chosen.getSlug());
    }

    private Key accountKey() {
        Key key = new Key();
        key.setFingerprint(
                wish.fingerprint()
                        .orElseGet(
                                () -> Fingerprint.of(checkpoint.keys().login().authorizedKey())));
        return key;
    }

    private String userData() {
        try {
            return UserData.of(
                    checkpoint.keys().host(),
                    wish.user(),
                    login().map(MachineKeys.Login::authorizedKey),
                    wish.userData());
        } catch (IOException e) {
            throw new MachineException(
                    "cannot read the user data: " + AtomicFiles.reason(e),
                    null,
                    ExitCode.PRE_CREATE_CHECK,
                    e);
        }
    }

    private void remember(DigitalOceanApi.Box box) {
        state.put(DROPLET, Integer.toString(box.id()));
        save();
    }

    /** The public address comes some seconds after the droplet. */
    private DriverState addressed(DigitalOceanApi.Box first) {
        DigitalOceanApi.Box box = first;
        if (!isReady(first)) {
            progress.say("droplet " + first.id() + " is made, waiting for its address");
            time.pause(POLL_INTERVAL);
            box =
                    time.poll()
                            .until(
                                    ADDRESS_TIMEOUT,
                                    POLL_INTERVAL,
                                    () -> starting(first.id()),
                                    DropletCreator::isReady);
        }
        if (!isReady(box)) {
            throw new MachineException(
                    "droplet %d has %s after %d s"
                            .formatted(
                                    box.id(),
                                    box.address().isEmpty() ? "no public address" : "not started",
                                    ADDRESS_TIMEOUT.toSeconds()),
                    "type the same again: it goes on waiting",
                    ExitCode.UNREACHABLE);
        }
        state.put(ADDRESS, box.address().get());
        progress.say("droplet " + box.id() + " is at " + box.address().get());
        return save();
    }

    private static boolean isReady(DigitalOceanApi.Box box) {
        return box.address().isPresent() && box.status() == DropletStatus.ACTIVE;
    }

    private DigitalOceanApi.Box starting(int id) {
        return api.droplet(id)
                .orElseThrow(
                        () ->
                                new MachineException(
                                        "droplet " + id + " has gone while it started",
                                        "type the same again: another one is made",
                                        ExitCode.ERROR));
    }

    private String tag() {
        return state.getOrDefault(TAG, "");
    }

    private DriverState save() {
        DriverState saved = new DriverState(Map.copyOf(state));
        checkpoint.save(saved);
        return saved;
    }
}
