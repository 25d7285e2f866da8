using Headgate.Testing;

namespace Headgate.Core.Tests.Routing;

/// <summary>A request in parts, from which both the view under test and the reference's variables are made.</summary>
internal sealed record Sample(string Host, string Path, string Method, string Address, IReadOnlyDictionary<string, string> Variables)
{
    public TestRequest ToRequest()
    {
        string Named(string prefix, string separator) =>
            string.Join(separator, Variables.Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(v => $"{v.Key[prefix.Length..]}={v.Value}"));

        var request = new TestRequest(Host, Path, Named("arg_", "&"), Method, Address);
        if (Named("cookie_", "; ") is { Length: > 0 } cookies)
            request.With("cookie", cookies);
        foreach ((string name, string value) in Variables)
        {
            if (name.StartsWith("http_", StringComparison.Ordinal))
                request.With(name[5..].Replace('_', '-'), value);
        }

        return request;
    }

    public string? Variable(string name) => name switch
    {
        "uri" => Path,
        "host" => Host.Length == 0 ? null : Host,
        "request_method" => Method,
        "remote_addr" => Address,
        "server_port" => "9080",
        _ => Variables.GetValueOrDefault(name),
    };
}
