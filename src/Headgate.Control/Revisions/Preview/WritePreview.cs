using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Revisions.Differences;
using Headgate.Core.Config;

namespace Headgate.Control.Revisions.Preview;

/// <summary>What a write would do.</summary>
/// <param name="Path">The object.</param>
/// <param name="Difference">What would differ.</param>
/// <param name="Affected">What it concerns.</param>
internal sealed record WritePreview(ObjectPath Path, IReadOnlyList<FieldChange> Difference, BlastRadius Affected)
{
    /// <summary><c>create</c>, <c>update</c>, <c>delete</c>; <c>nothing</c> when all is so already.</summary>
    public required string Would { get; init; }

    /// <summary>Why it would be refused; empty = it would not.</summary>
    public IReadOnlyList<ConfigError> Errors { get; init; } = [];

    /// <summary>What would be accepted and have no effect.</summary>
    public IReadOnlyList<ConfigError> Warnings { get; init; } = [];

    /// <summary>Keys of what would be deleted with it.</summary>
    public IReadOnlyList<string> AlsoDeleted { get; init; } = [];

    /// <summary>Writes how a deletion would be refused; null = it would not.</summary>
    public Action<Utf8JsonWriter>? Refusal { get; init; }

    /// <summary>The answer: 200, or 400 when the write would be refused.</summary>
    public AdminResponse Answer()
    {
        bool refused = Errors.Count > 0 || Refusal is not null;
        return AdminResponse.Object(refused ? 400 : 200, (this, refused), static (writer, state) =>
        {
            (WritePreview preview, bool refused) = state;
            preview.Refusal?.Invoke(writer);
            if (preview.Errors.Count > 0)
            {
                writer.WriteString("error_msg", preview.Errors[0].Message);
                writer.WriteProblems("errors", preview.Errors);
            }

            writer.WriteBoolean("dry_run", true);
            writer.WriteString("would", refused ? "be refused" : preview.Would);
            RevisionJson.WriteKey(writer, preview.Path.Key);
            DifferenceJson.WriteArray(writer, "difference", preview.Difference);
            writer.WriteProblems("warnings", preview.Warnings);
            if (preview.AlsoDeleted.Count > 0)
                writer.WriteTexts("also_deleted", preview.AlsoDeleted);
            writer.WriteStartObject("affected");
            preview.Affected.WriteMembers(writer);
            writer.WriteEndObject();
        });
    }
}
