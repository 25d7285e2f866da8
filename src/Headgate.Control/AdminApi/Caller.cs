namespace Headgate.Control.AdminApi;

/// <summary>Who makes a request.</summary>
/// <param name="Name">Name of the admin key; <c>anonymous</c> when none is required and none was sent.</param>
/// <param name="Address">Address of the peer; <c>local</c> for a Unix socket.</param>
internal readonly record struct Caller(string Name, string Address);
