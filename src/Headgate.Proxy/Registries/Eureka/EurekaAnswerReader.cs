using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Registries.Eureka;

/// <summary>Understands answers of Eureka. Made of XML, its JSON writes a list of one as the one itself, and numbers and booleans often as text.</summary>
internal sealed class EurekaAnswerReader
{
    private const string Weight = "weight";
    private const string TypeOfMap = "@class"; // how Eureka's JSON marks a kind of map
    private const string Up = "UP";
    private const string Unknown = "UNKNOWN";

    private readonly int _defaultWeight;
    private readonly List<EurekaInstance> _instances = [];
    private readonly List<string> _problems = [];

    private EurekaAnswerReader(int defaultWeight) => _defaultWeight = defaultWeight;

    /// <summary>Reads an answer of <c>apps</c> or <c>apps/delta</c>.</summary>
    /// <exception cref="RegistryException">It is none, or nothing but garbage.</exception>
    public static EurekaAnswer Read(RegistryReply reply, int defaultWeight)
    {
        using JsonDocument document = reply.Json();
        if (JsonMembers.Of(document.RootElement, "applications") is not { ValueKind: JsonValueKind.Object } applications)
            throw new RegistryException($"{reply.Server} answers to {reply.Path} without applications, an object");
        var reader = new EurekaAnswerReader(defaultWeight);
        int index = 0;
        foreach (JsonElement application in Items(applications, "application"))
            reader.ReadApplication(application, string.Create(CultureInfo.InvariantCulture, $"applications.application[{index++}]"));
        if (reader._instances.Count == 0 && reader._problems.Count > 0)
            throw new RegistryException($"{reply.Server} answers to {reply.Path} with nothing but garbage: {reader._problems[0]}");
        return new EurekaAnswer(JsonMembers.Text(applications, "apps__hashcode"), reader._instances, reader._problems);
    }

    private void ReadApplication(JsonElement application, string at)
    {
        if (JsonMembers.Text(application, "name") is not { Length: > 0 } name)
        {
            _problems.Add($"{at}.name: it is no text");
            return;
        }

        int index = 0;
        foreach (JsonElement instance in Items(application, "instance"))
        {
            if (ReadInstance(name.ToUpperInvariant(), instance) is { } read)
                _instances.Add(read);
            else
                _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{at}.instance[{index}]: it has no instanceId and no hostName"));
            index++;
        }
    }

    private EurekaInstance? ReadInstance(string app, JsonElement value)
    {
        if ((JsonMembers.Text(value, "instanceId") ?? JsonMembers.Text(value, "hostName")) is not { Length: > 0 } id)
            return null;
        string status = Status(JsonMembers.Text(value, "status"));
        string overriding = Status(JsonMembers.Text(value, "overriddenStatus") ?? JsonMembers.Text(value, "overriddenstatus"));
        var instance = new EurekaInstance(app, id, status, JsonMembers.Text(value, "actionType")) { IsUp = (overriding == Unknown ? status : overriding) == Up };
        if (!instance.IsUp)
            return instance;
        EquatableArray<MetadataEntry> metadata = JsonMembers.Entries(JsonMembers.Of(value, "metadata"));
        double weight = _defaultWeight;
        string? problem = null;
        if (JsonMembers.Find(metadata, Weight) is { } text && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out weight))
            problem = $"{instance.At}: metadata.weight is no number";
        else if ((EnabledPort(value, "securePort") ?? EnabledPort(value, "port")) is { } port)
            instance = instance with { Port = port };
        else
            problem = $"{instance.At}: neither port nor securePort is an enabled one";
        return instance with
        {
            Ip = JsonMembers.Text(value, "ipAddr"),
            Weight = weight,
            Problem = problem,
            Metadata = [.. metadata.Where(static entry => entry.Key is not (Weight or TypeOfMap))],
        };
    }

    // Other words than Eureka's count as UNKNOWN there, and in its hash code.
    private static string Status(string? text) => text?.ToUpperInvariant() is Up or "DOWN" or "STARTING" or "OUT_OF_SERVICE" ? text.ToUpperInvariant() : Unknown;

    private static long? EnabledPort(JsonElement instance, string name)
    {
        if (JsonMembers.Of(instance, name) is not { } port || !string.Equals(JsonMembers.Of(port, "@enabled")?.ToString(), "true", StringComparison.OrdinalIgnoreCase))
            return null;
        return long.TryParse(JsonMembers.Of(port, "$")?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
    }

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) => JsonMembers.Of(parent, name) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { } one => [one],
        _ => [],
    };
}
