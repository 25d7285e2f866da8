using System.Text.Json.Serialization;
using Headgate.Control.Instances;

namespace Headgate.Control.Line;

/// <summary>
/// One message on a line: a WebSocket text frame with exactly one of these members. An instance begins with <see cref="Hello"/> and is answered <see cref="Welcome"/>, or the socket is closed with the
/// reason; then it reports, and answers what it is asked.
/// </summary>
internal sealed record LineMessage
{
    /// <summary>Version of this protocol. An instance of another one is refused, with both numbers.</summary>
    public const int Protocol = 1;

    /// <summary>Who opens the line.</summary>
    public LineHello? Hello { get; init; }

    /// <summary>It is taken.</summary>
    public LineWelcome? Welcome { get; init; }

    /// <summary>How the instance is.</summary>
    public InstanceReport? Report { get; init; }

    /// <summary>What the control plane wants to know.</summary>
    public LineQuestion? Question { get; init; }

    /// <summary>What it gets.</summary>
    public LineAnswer? Answer { get; init; }

    /// <summary>The instance stops, on purpose.</summary>
    public bool? Goodbye { get; init; }
}

/// <summary>Who opens a line.</summary>
internal sealed record LineHello(int Protocol, InstanceIdentity Instance);

/// <summary>A line is taken by a control plane of this version.</summary>
internal sealed record LineWelcome(string Version);

/// <summary>A question with the number that its answer bears.</summary>
internal sealed record LineQuestion(long Number, InstanceQuestion Question);

/// <summary>An answer with its question's number.</summary>
internal sealed record LineAnswer(long Number, InstanceAnswer Answer);

/// <summary>How messages are written. What lacks a member that has no default, or has null where there must be something, is no message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LineMessage))]
[JsonSerializable(typeof(InstanceRecord))]
internal sealed partial class LineJson : JsonSerializerContext;
