using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>How a value is written: reads it, names what is allowed, and shows a default.</summary>
/// <typeparam name="T">The typed value.</typeparam>
internal abstract class SettingForm<T>
{
    /// <summary>What is allowed, as an object of "use ...": <c>a port from 0 to 65535</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>True when an environment variable's text is taken as it is and not read as YAML.</summary>
    public virtual bool IsText => false;

    /// <summary>Reads the value; false when something is wrong, which then has been reported. Never called with null.</summary>
    public abstract bool TryRead(SettingNode node, string path, SettingProblems problems, out T value);

    /// <summary>The value as a user would write it.</summary>
    public abstract string Show(T value);
}
