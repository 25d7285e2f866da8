namespace Headgate.Store;

/// <summary>Who made a change, from where and why.</summary>
/// <param name="Who">Name of the admin key or user; <c>unknown</c> when written by someone else; <c>expiry</c> for a ttl that ran out.</param>
/// <param name="Where">Peer address or <c>local</c>.</param>
/// <param name="Why">What was asked: <c>PUT /apisix/admin/upstreams/1</c>, or a message of the user.</param>
public sealed record Origin(string Who, string Where, string Why);
