variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "project" {
  type = string
}

variable "environment" {
  type    = string
  default = "test"
}

variable "cidr" {
  type    = string
  default = "10.20.0.0/16"
}

variable "zone_count" {
  type    = number
  default = 2
}

variable "nat_gateways" {
  type    = number
  default = 1
}
