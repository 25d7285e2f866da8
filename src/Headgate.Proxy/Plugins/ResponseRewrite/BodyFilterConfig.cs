namespace Headgate.Proxy.Plugins.ResponseRewrite;

/// <summary>A pattern that is replaced in a body.</summary>
/// <param name="Pattern">The regular expression.</param>
/// <param name="Replacement">What stands in for a match.</param>
/// <param name="IsGlobal">Whether every match is replaced, not only the first.</param>
/// <param name="Options">Letters of lua-nginx-module's regular expressions.</param>
public sealed record BodyFilterConfig(string Pattern, string Replacement, bool IsGlobal, string Options);
