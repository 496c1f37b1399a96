//! Registered devices, such as shared tablets.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreateDevice, CurrentDevice, Device, DeviceWithCode, EnrolDevice, EnrolledDevice, Page,
};
use crate::request::Request;

/// Calls about devices.
#[derive(Clone, Copy, Debug)]
pub struct Devices<'a>(pub(crate) &'a Client);

impl Devices<'_> {
    /// All devices of the network, revoked ones too. For network administrators.
    pub async fn list(&self) -> Result<Page<Device>> {
        self.0
            .call(Request::get("list_devices", "/v1/devices"))
            .await
    }

    /// Registers a device and answers with the code to enrol it, shown this once. For network
    /// administrators; needs fresh factors (`step_up_required`).
    ///
    /// Sent without an Idempotency-Key and never repeated by itself: the answer is a secret.
    pub async fn create(&self, device: &CreateDevice) -> Result<DeviceWithCode> {
        let request = Request::post("create_device", "/v1/devices")
            .unkeyed()
            .json(device)?;
        self.0.call(request).await
    }

    /// Refuses a device from now on; sessions on it end at once. For network administrators;
    /// needs fresh factors (`step_up_required`).
    pub async fn revoke(&self, device_id: Uuid) -> Result<Device> {
        let path = format!("/v1/devices/{device_id}/revoke");
        let request = Request::post("revoke_device", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// A new code to enrol a device; the one before is good no more. For network administrators;
    /// needs fresh factors (`step_up_required`).
    pub async fn renew_code(&self, device_id: Uuid) -> Result<DeviceWithCode> {
        let path = format!("/v1/devices/{device_id}/enrolment-code");
        let request = Request::post("renew_device_code", path)
            .unkeyed()
            .body("application/json", "{}");
        self.0.call(request).await
    }

    /// Enrols the device on which the program runs. Nobody needs to have signed in. The token of
    /// the answer is for [`Client::with_device`]; keep it where only the program can read it.
    ///
    /// `not_found` for a code that is wrong, used or too old. Never repeated by itself, because a
    /// code is good once.
    pub async fn enrol(&self, enrolment: &EnrolDevice) -> Result<EnrolledDevice> {
        let request = Request::post("enrol_device", "/v1/devices/enrol")
            .anonymous()
            .unkeyed()
            .json(enrolment)?;
        self.0.call(request).await
    }

    /// The device of [`Client::with_device`], and who is at work on it. Nobody needs to have
    /// signed in. `not_found` when the program runs on no registered device.
    pub async fn find_current(&self) -> Result<CurrentDevice> {
        let request = Request::get("find_current_device", "/v1/devices/current").anonymous();
        self.0.call(request).await
    }
}
