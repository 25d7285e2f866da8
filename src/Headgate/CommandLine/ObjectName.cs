using System.Collections.Immutable;
using System.CommandLine.Parsing;
using Headgate.Core.Config;
using Headgate.Settings;

namespace Headgate.CommandLine;

/// <summary>By what an object is known in a gateway group: <c>upstreams/web</c>, <c>secrets/vault/1</c>, <c>consumers/jack/credentials/1</c>.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id; of a credential <c>NAME/credentials/ID</c>, of a secret <c>MANAGER/ID</c>, of a consumer its name.</param>
internal readonly record struct ObjectName(ResourceKind Kind, string Id)
{
    /// <summary>
    /// All kinds, in an order in which writes find what they name: users come after what they use. Deletions go the other way. What concerns all traffic comes last.
    /// </summary>
    public static ImmutableArray<ResourceKind> WriteOrder { get; } =
    [
        ResourceKind.Secret, ResourceKind.PluginMetadata, ResourceKind.Proto, ResourceKind.Ssl, ResourceKind.ServiceRegistry, ResourceKind.Upstream, ResourceKind.Service,
        ResourceKind.PluginConfig, ResourceKind.ConsumerGroup, ResourceKind.Consumer, ResourceKind.Credential, ResourceKind.Route, ResourceKind.GlobalRule,
    ];

    /// <summary>The kinds that a document has as lists, in the order of a dump; credentials stand in their consumers.</summary>
    public static ImmutableArray<ResourceKind> Listed { get; } =
    [
        ResourceKind.Upstream, ResourceKind.Route, ResourceKind.Service, ResourceKind.Consumer, ResourceKind.ConsumerGroup, ResourceKind.PluginConfig, ResourceKind.GlobalRule,
        ResourceKind.PluginMetadata, ResourceKind.Proto, ResourceKind.Secret, ResourceKind.Ssl, ResourceKind.ServiceRegistry,
    ];

    /// <summary>Members of an object that are given, and no part of what is configured.</summary>
    public static ImmutableArray<string> Times { get; } = ["create_time", "update_time"];

    /// <summary>What is answered about a registry connection beside what is configured.</summary>
    public static ImmutableArray<string> RegistryStates { get; } = ["source", "status", "status_reason", "status_since", "last_connect_time"];

    /// <summary>Name of the member that holds the id in an object.</summary>
    public string IdMember => Kind == ResourceKind.Consumer ? "username" : "id";

    /// <summary>The id as its object has it: of a credential its own part.</summary>
    public string OwnId => Kind == ResourceKind.Credential ? Id[(Id.LastIndexOf('/') + 1)..] : Id;

    /// <summary>Parts of the path below the Admin API, escaped.</summary>
    public string Path => $"{Directory(Kind)}/{string.Join('/', Id.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>Reads <c>upstreams/web</c>, <c>consumers/jack/credentials/1</c>, or a kind alone, without an id then.</summary>
    /// <exception cref="CommandFailedException">There is no such kind, or its ids are other ones.</exception>
    public static (ResourceKind Kind, string? Id) Read(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string name = slash < 0 ? text : text[..slash];
        string? id = slash < 0 ? null : text[(slash + 1)..];
        ResourceKind kind = FindKind(name) ?? throw Wrong(NoKind(name, WriteOrder));
        if (kind == ResourceKind.Consumer && id?.Contains('/', StringComparison.Ordinal) == true)
            kind = ResourceKind.Credential;
        if (id is null || (ResourceKinds.TryParseKey(kind.Key(id), out ResourceKind parsed, out _) && parsed == kind))
            return (kind, id);
        string form = kind switch { ResourceKind.Credential => "NAME/credentials/ID", ResourceKind.Secret => "MANAGER/ID", _ => "ID" };
        throw Wrong($"{text} names no object; write {new ObjectName(kind, form)}");
    }

    /// <summary>Has an argument refused that <see cref="Read"/> would not take.</summary>
    public static void Check(ArgumentResult given)
    {
        try
        {
            foreach (Token token in given.Tokens)
                Read(token.Value);
        }
        catch (CommandFailedException e)
        {
            given.AddError(e.Message);
        }
    }

    /// <summary>The kind that a user names by its plural or singular; null = there is none.</summary>
    public static ResourceKind? FindKind(string name)
    {
        string asked = name.Replace('-', '_');
        foreach (ResourceKind kind in WriteOrder)
        {
            if (asked == kind.Plural() || asked == kind.SchemaName())
                return kind;
        }

        return null;
    }

    /// <summary>What a user is told about a name that is no kind.</summary>
    public static string NoKind(string name, IReadOnlyList<ResourceKind> kinds)
    {
        string[] names = [.. kinds.Select(static kind => kind.Plural())];
        return $"{name} is no kind of object{(NearestName.Of(name, names) is { } near ? $"; did you mean {near}?" : $"; there are {string.Join(", ", names)}")}";
    }

    /// <summary><c>upstreams/web</c>.</summary>
    public override string ToString() => $"{Directory(Kind)}/{Id}";

    private static string Directory(ResourceKind kind) => (kind == ResourceKind.Credential ? ResourceKind.Consumer : kind).Plural();

    private static CommandFailedException Wrong(string problem) => new(ExitCodes.ConfigurationError, problem);
}
