using Headgate.Control.Access;
using Headgate.Control.Groups;

namespace Headgate.Control.AdminApi;

/// <summary>Who makes a request, and what they may.</summary>
/// <param name="Name">Name of the admin key, or of the user; <c>anonymous</c> when no key is required and none was sent.</param>
/// <param name="Address">Address of the peer; <c>local</c> for a Unix socket.</param>
/// <param name="Grants">Their roles.</param>
internal sealed record Caller(string Name, string Address, IReadOnlyList<Grant> Grants)
{
    /// <summary>The group and workspace that a request is about which names none.</summary>
    public GroupAddress Home { get; init; } = GroupAddress.Default;

    /// <summary>Somebody who has not said who they are, and may nothing.</summary>
    public static Caller Nobody(string address) => new("anonymous", address, []);

    /// <summary>The user; null for an admin key, and for nobody.</summary>
    public UserRecord? User { get; init; }

    /// <summary>The secret of the session; null when the request has none: then a browser cannot have been tricked into sending it.</summary>
    public string? Session { get; init; }
}
