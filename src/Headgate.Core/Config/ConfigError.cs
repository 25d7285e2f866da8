namespace Headgate.Core.Config;

/// <summary>One problem of one configuration object.</summary>
/// <param name="Path">Where in the object, as a client of APISIX reads it: <c>nodes[0].weight</c>; empty for the object as a whole.</param>
/// <param name="Message">The whole text for the client, in the words APISIX uses where it has words for it; never ends with a full stop.</param>
public readonly record struct ConfigError(string Path, string Message);
