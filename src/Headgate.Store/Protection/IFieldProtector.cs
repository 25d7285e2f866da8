using System.Diagnostics.CodeAnalysis;

namespace Headgate.Store.Protection;

/// <summary>Encrypts texts for the store, and back. Thread-safe.</summary>
public interface IFieldProtector
{
    /// <summary>Bytes by which the sealed form of a text is longer than four thirds of it, at most.</summary>
    int Overhead { get; }

    /// <summary>
    /// The sealed form of a text. The same text at the same place has the same form, so that a history shows only what really changed.
    /// </summary>
    /// <param name="place">Where it will stand: the key of the object and the path in it. It can be revealed there only.</param>
    /// <param name="text">Any text, also one that looks sealed.</param>
    string Seal(string place, string text);

    /// <summary>The text of a sealed form.</summary>
    /// <param name="place">The place it was sealed for.</param>
    /// <param name="form">What is stored.</param>
    /// <param name="text">The text; <paramref name="form"/> itself when it is not sealed at all (written before there was encryption, or by another program).</param>
    /// <param name="problem">Why it cannot be revealed; null when it can.</param>
    bool TryReveal(string place, string form, out string text, [NotNullWhen(false)] out string? problem);
}
