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
 * Makes one droplet, in an order that never leaves one behind unnoticed: a unique tag is saved
 * before the droplet is requested, and after a lost answer the tag is searched for before a second
 * request.
 */
final class DropletCreator {
    static final String TAG = "tag";
    static final String DROPLET = "droplet-id";
    static final String ADDRESS = "address";
    static final String OUR_KEY = "account-key";

    private static final int MAX_ATTEMPTS = 3;
    private static final int TAG_SEARCHES = 4;
    private static final Duration ADDRESS_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(3);

    private final DigitalOceanApi api;
    private final DropletOptions options;
    private final DriverClock time;
    private final Checkpoint checkpoint;
    private final Progress progress;
    private final TreeMap<String, String> state;

    DropletCreator(
            DigitalOceanApi api,
            DropletOptions options,
            DriverClock time,
            Checkpoint checkpoint,
            Progress progress) {
        this.api = api;
        this.options = options;
        this.time = time;
        this.checkpoint = checkpoint;
        this.progress = progress;
        this.state = new TreeMap<>(checkpoint.saved().values());
    }

    DriverState make(DropletSpec spec) {
        boolean begun = state.containsKey(TAG);
        Optional<DigitalOceanApi.Box> box = begun ? adopted() : Optional.empty();
        if (box.isEmpty()) {
            begin(spec);
            box = Optional.of(buy(spec, begun));
        }
        remember(box.get());
        return addressed(box.get());
    }

    /** The droplet of an earlier, interrupted attempt. */
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

    private void begin(DropletSpec spec) {
        spec.notes().forEach(progress::say);
        progress.say(spec.sentence());
        state.remove(DROPLET);
        state.remove(ADDRESS);
        state.put(DropletOptions.API_URL, options.apiUrl());
        AccessToken.reference(options.token())
                .ifPresent(file -> state.put(DropletOptions.TOKEN, file));
        state.put(DropletOptions.USER, options.user());
        state.put(DropletOptions.PORT, options.port());
        state.put("engine-port", "2376");
        state.put(DropletOptions.REGION, spec.region());
        state.put(DropletOptions.SIZE, spec.size());
        state.put(DropletOptions.IMAGE, DropletSpec.name(spec.image()));
        state.put("host-key", checkpoint.keys().host().publicKey());
        state.computeIfAbsent(
                TAG, key -> "machine-" + new BigInteger(80, new SecureRandom()).toString(36));
        Optional<MachineKeys.Login> login = login();
        login.ifPresent(
                key -> {
                    state.put("ssh-key", key.privateKey().toAbsolutePath().toString());
                    state.put(OUR_KEY, Fingerprint.of(key.authorizedKey()));
                });
        options.keyPath().ifPresent(key -> state.put("ssh-key", key.toString()));
        save();
        login.ifPresent(
                key ->
                        api.addKey(
                                options.request().name().value(),
                                key.authorizedKey(),
                                Fingerprint.of(key.authorizedKey())));
    }

    /** The machine's own key, unless the user named a key of the account. */
    private Optional<MachineKeys.Login> login() {
        return options.fingerprint().isPresent()
                ? Optional.empty()
                : Optional.of(checkpoint.keys().login());
    }

    private DigitalOceanApi.Box buy(DropletSpec spec, boolean begun) {
        boolean mayExist = begun;
        for (int attempt = 1; ; attempt++) {
            try {
                DigitalOceanApi.Box made = api.create(order(spec));
                return mayExist ? only(made) : made;
            } catch (NoAnswer e) {
                mayExist = true;
                progress.say(e.sentence() + "; looking whether the droplet was made all the same");
                Optional<DigitalOceanApi.Box> made = searchTag();
                if (made.isPresent()) {
                    progress.say("it was: droplet " + made.get().id());
                    return made.get();
                }
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** A list may show a new droplet only after a moment. */
    private Optional<DigitalOceanApi.Box> searchTag() {
        for (int look = 0; look < TAG_SEARCHES; look++) {
            time.pause(Duration.ofSeconds(1L << look));
            Optional<DigitalOceanApi.Box> made = api.tagged(tag()).stream().findFirst();
            if (made.isPresent()) {
                return made;
            }
        }
        return Optional.empty();
    }

    /** Removes other droplets with our tag, which a request with a lost answer made. */
    private DigitalOceanApi.Box only(DigitalOceanApi.Box made) {
        for (DigitalOceanApi.Box other : api.tagged(tag())) {
            if (other.id() != made.id()) {
                progress.say("removing droplet " + other.id() + ", made by a lost request");
                api.remove(other.id());
            }
        }
        return made;
    }

    private Droplet order(DropletSpec spec) {
        Droplet order = new Droplet();
        order.setName(options.request().name().value());
        order.setRegion(new Region(spec.region()));
        order.setSize(spec.size());
        order.setImage(image(spec.image()));
        order.setKeys(List.of(accountKey()));
        order.setUserData(userData());
        List<String> tags = new ArrayList<>(options.tags());
        tags.add(tag());
        order.setTags(tags);
        order.setEnableBackup(options.isSet("backups"));
        order.setEnableIpv6(options.isSet("ipv6"));
        order.setEnablePrivateNetworking(options.isSet("private-networking"));
        order.setInstallMonitoring(options.isSet("monitoring"));
        return order;
    }

    private static Image image(Image chosen) {
        return chosen.getSlug() == null ? new Image(chosen.getId()) : new Image(chosen.getSlug());
    }

    private Key accountKey() {
        Key key = new Key();
        key.setFingerprint(
                options.fingerprint()
                        .orElseGet(
                                () -> Fingerprint.of(checkpoint.keys().login().authorizedKey())));
        return key;
    }

    private String userData() {
        try {
            return UserData.of(
                    checkpoint.keys().host(),
                    options.user(),
                    login().map(MachineKeys.Login::authorizedKey),
                    options.userData());
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
