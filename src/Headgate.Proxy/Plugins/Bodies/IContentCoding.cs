namespace Headgate.Proxy.Plugins.Bodies;

/// <summary>A plugin that can encode answers (RFC 9110 §8.4.1). At <see cref="PluginPhases.ResponseBody"/> it says how much the client wants that; one is chosen.</summary>
public interface IContentCoding
{
    /// <summary>It was chosen: declares the coding and adds its transform. Nobody changes the body after it.</summary>
    void Encode(PluginContext context);
}
