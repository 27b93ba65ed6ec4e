# Sums what callgrind_annotate says of each function into the parts of the server, in percent: by the
# library that a function's name names first.
BEGIN {
    part["ashiato::"] = "our resolvers, loaders and rules"
    part["async_graphql"] = "the engine (async-graphql)"
    part["sqlx"] = part["sea_orm"] = part["sea_query"] = "the driver (sqlx, sea-orm)"
    part["hyper"] = part["h2::"] = part["axum"] = part["tower"] = part["http::"] = part["httparse"] = "HTTP (hyper, axum, tower)"
    part["tokio"] = part["futures"] = part["dataloader"] = part["mio::"] = "the runtime (tokio, futures, dataloader)"
    part["serde"] = part["itoa"] = part["ryu"] = "writing JSON (serde)"
    part["indexmap"] = part["hashbrown"] = part["foldhash"] = part["SipHasher"] = "hash maps"
    part["tracing"] = "tracing"
    part["mi_"] = part["malloc"] = part["free"] = part["calloc"] = part["realloc"] = part["__rust_alloc"] = part["__rust_dealloc"] = part["__rust_realloc"] = "allocation (mimalloc)"
    part["mem"] = part["bcmp"] = "copying and comparing bytes (libc)"
    part["chrono"] = part["uuid"] = "times and ids (chrono, uuid)"
    part["pthread"] = part["syscall"] = part["epoll"] = part["send"] = part["recv"] = "the system (libc)"
    # Where one of these stands first, the name says no more.
    anchored["mi_"] = anchored["mem"] = anchored["bcmp"] = anchored["malloc"] = anchored["free"] = anchored["calloc"] = anchored["realloc"] = anchored["pthread"] = anchored["syscall"] = anchored["epoll"] = anchored["send"] = anchored["recv"] = 1
}
/^ *[0-9][0-9,]* \(/ {
    count = $1
    gsub(",", "", count)
    if ($0 ~ /PROGRAM TOTALS/) { total = count; next }
    name = $0
    sub(/^ *[0-9,]+ \([^)]*\) +/, "", name)
    sub(/^[^:]*:/, "", name)
    sub(/ \[[^]]*\]$/, "", name)
    bare = name
    sub(/^_+/, "", bare)
    best = 0
    whose = "the rest"
    for (crate in part) {
        at = (crate in anchored) ? (index(bare, crate) == 1 ? 1 : 0) : index(name, crate)
        if (at > 0 && (best == 0 || at < best)) { best = at; whose = part[crate] }
    }
    sum[whose] += count
}
END {
    for (whose in sum) printf "  %5.1f%%  %s\n", 100 * sum[whose] / total, whose | "sort -rn"
}
