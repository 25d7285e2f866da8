namespace Headgate.Store.Etcd;

/// <summary>Which etcd, and how it is used.</summary>
public sealed record EtcdOptions
{
    /// <summary>Addresses of the members' clients, <c>http</c> or <c>https</c>, at least one; asked in this order as long as none fails.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>Name of the user; null = etcd asks for none.</summary>
    public string? User { get; init; }

    /// <summary>The user's password; never shown.</summary>
    public string? Password { get; init; }

    /// <summary>How <c>https</c> is spoken.</summary>
    public EtcdTls Tls { get; init; } = new();

    /// <summary>How long a read or a commit may take, all tries together; a second or more.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one member may take for one answer before the next is asked; at most <see cref="Timeout"/> counts.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a member that failed is asked only when no other answers.</summary>
    public TimeSpan DownFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so much silence of a watch its member is asked whether it still has the others' ear.</summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After so much silence a watch is begun anew where it stands: whatever swallowed it between the two.</summary>
    public TimeSpan WatchRenewal { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>How often it is tried again when the store cannot be reached at the start.</summary>
    public int StartupRetries { get; init; } = 2;

    /// <summary>
    /// Where changes that others make, and expiries, are written into the history; empty = nowhere. For the processes that have the control role; several may do it at the same time.
    /// </summary>
    public IReadOnlyList<string> RecordedPrefixes { get; init; } = [];

    /// <summary>What below <see cref="RecordedPrefixes"/> is no configuration and not recorded when others write it.</summary>
    public IReadOnlyList<string> UnrecordedPrefixes { get; init; } = [];

    /// <summary>Leaves the password out.</summary>
    public override string ToString() => $"{nameof(EtcdOptions)} {{ {string.Join(", ", Endpoints)} }}";
}
