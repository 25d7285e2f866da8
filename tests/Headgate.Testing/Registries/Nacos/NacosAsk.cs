using Microsoft.AspNetCore.Http;

namespace Headgate.Testing.Registries.Nacos;

/// <summary>What a client asks of a <see cref="NacosServer"/>.</summary>
public sealed class NacosAsk
{
    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);

    private NacosAsk(string call) => Call = call;

    /// <summary>Method, and path below <c>/nacos/</c>: <c>GET v1/ns/instance/list</c>.</summary>
    public string Call { get; }

    /// <summary>Whether it is one of the newer APIs, whose answers are wrapped.</summary>
    public bool IsNewer => !Call.Contains(" v1/", StringComparison.Ordinal);

    /// <summary>Group and name of the service: in v1 the group may stand before the name.</summary>
    public (string Group, string Name) Service
    {
        get
        {
            string[] parts = (this["serviceName"] ?? "").Split("@@", 2);
            return parts.Length == 2 && !IsNewer ? (parts[0], parts[1]) : (this["groupName"] ?? "DEFAULT_GROUP", parts[0]);
        }
    }

    /// <summary>A parameter; null when absent.</summary>
    public string? this[string name] => _parameters.GetValueOrDefault(name);

    /// <summary>Reads the query, and the form of a POST.</summary>
    public static async Task<NacosAsk> ReadAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        var ask = new NacosAsk($"{context.Request.Method} {(path.StartsWith("/nacos/", StringComparison.Ordinal) ? path[7..] : path)}");
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues value) in context.Request.Query)
            ask._parameters[name] = value.ToString();
        if (!context.Request.HasFormContentType)
            return ask;
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues value) in await context.Request.ReadFormAsync(context.RequestAborted))
            ask._parameters[name] = value.ToString();
        return ask;
    }

    /// <summary>What is wrong with the parameters; null when nothing is.</summary>
    public string? Check(IEnumerable<string> required, IEnumerable<string> known)
    {
        if (required.FirstOrDefault(name => !_parameters.ContainsKey(name)) is { } missing)
            return $"Required parameter '{missing}' is not present";
        return _parameters.Keys.FirstOrDefault(name => !known.Contains(name)) is { } strange ? $"There is no parameter '{strange}'" : null;
    }
}
